import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import expressSession from 'express-session'
import { logout } from '../../src/index.ts'
import { Browser, location, startApp, type TestApp } from '../support/app.ts'
import { rawRequest } from '../support/raw-request.ts'

describe('logout()', () => {
  let app: TestApp
  before(async () => (app = await startApp()))
  after(() => app.close())
  beforeEach(() => app.local.requests.clear())
  const rows = () => Object.keys((app.store as unknown as { sessions: object }).sessions)

  test("LO-01 the session is destroyed, the cookie cleared, and the browser sent to the pool's logout with the configured address", async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const cookie = decodeURIComponent(browser.cookie() ?? '')
    const answer = await browser.post('/logout?logout_uri=https://evil.example&returnTo=https://evil.example')
    assert.equal(answer.status, 303)
    const logoutUri = encodeURIComponent(`${app.url}/`)
    assert.equal(
      location(answer),
      `${app.local.url}/logout?client_id=${app.userPool.clientId}&logout_uri=${logoutUri}`,
    )
    assert.match(
      answer.headers.get('set-cookie') ?? '',
      /^connect\.sid=; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly$/,
    )
    assert.ok(!rows().some((id) => cookie.startsWith(`s:${id}.`)))
    const again = await new Browser(app).open('/account', {
      cookie: `connect.sid=${encodeURIComponent(cookie)}`,
    })
    assert.equal(again.status, 303)
  })

  test('Cognito asks for the password again after its own logout', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const home = await fetch(location(await browser.post('/logout')), {
      redirect: 'manual',
      headers: { cookie: browser.jar.header(new URL(app.local.url)) },
    })
    assert.equal(home.headers.get('location'), `${app.url}/`)
    browser.jar.store(new URL(app.local.url), home.headers.getSetCookie())
    const login = new URL(location(await browser.open('/login')))
    const answer = await fetch(login, {
      redirect: 'manual',
      headers: { cookie: browser.jar.header(login) },
    })
    assert.match(answer.headers.get('location') ?? '', /\/login\?/)
  })

  test('the refresh token is revoked with one request, with the token in its body', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    await browser.post('/logout')
    assert.equal(app.local.requests.count('revoke'), 1)
  })

  test('a session that signed out elsewhere cannot refresh with tokens it still holds', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const { sessions } = app.store as unknown as { sessions: Record<string, string> }
    const copy = { ...sessions }
    const cookie = browser.cookie() ?? ''
    await browser.post('/logout')
    Object.assign(sessions, copy)
    const thief = await new Browser(app).open('/account', { cookie: `connect.sid=${cookie}` })
    assert.equal(thief.status, 303)
  })

  /** A POST with exactly these headers and the browser's cookies. */
  const post = (browser: Browser, headers: Record<string, string>) => {
    const url = new URL('/logout', app.url)
    return rawRequest(url, { method: 'POST', headers: { cookie: browser.jar.header(url), ...headers } })
  }

  const refused: [string, Record<string, string>][] = [
    ['a cross-site form', { 'sec-fetch-site': 'cross-site' }],
    [
      'a cross-site form that claims to be our own',
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    ],
    ['a form of a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['an opaque Origin', { origin: 'null' }],
  ]
  for (const [name, headers] of refused) {
    test(`LO-02 ${name} does not sign out`, async () => {
      const browser = new Browser(app)
      await browser.signIn()
      assert.equal((await post(browser, headers)).status, 403)
      assert.equal((await browser.open('/account')).status, 200)
      assert.equal(app.local.requests.count('revoke'), 0)
    })
  }

  const accepted: [string, () => Record<string, string>][] = [
    ['a form of the app itself', () => ({ 'sec-fetch-site': 'same-origin' })],
    ["the app's own Origin", () => ({ origin: app.url })],
    ['no browser at all', () => ({})],
  ]
  for (const [name, headers] of accepted) {
    test(`${name} signs out`, async () => {
      const browser = new Browser(app)
      await browser.signIn()
      assert.equal((await post(browser, headers())).status, 303)
      assert.equal((await browser.open('/account')).status, 303)
    })
  }

  for (const method of ['GET', 'HEAD', 'DELETE']) {
    test(`LO-02 ${method} does not sign out where the app mounts logout() for every method`, async () => {
      const own = await startApp({
        routes: (express, { userPool }) =>
          express.all('/out', logout({ userPool, returnTo: 'https://app.example.com/' })),
      })
      try {
        const browser = new Browser(own)
        await browser.signIn()
        const url = new URL('/out', own.url)
        const answer = await rawRequest(url, { method, headers: { cookie: browser.jar.header(url) } })
        assert.equal(answer.status, 405)
        assert.equal(answer.headers.get('allow'), 'POST')
        assert.equal((await browser.open('/account')).status, 200)
      } finally {
        await own.close()
      }
    })
  }

  for (const fault of [{ status: 500 }, 'hang', 'reset'] as const) {
    test(`LO-05 the person is signed out although the revocation meets ${JSON.stringify(fault)}`, async () => {
      const browser = new Browser(app)
      await browser.signIn()
      app.local.fail('revoke', fault, { times: 1 })
      const started = Date.now()
      assert.equal((await browser.post('/logout')).status, 303)
      assert.ok(Date.now() - started < 4_000)
      assert.equal((await browser.open('/account')).status, 303)
    })
  }

  test('LO-09 signing out twice, or without a session, leads to the same place', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const first = location(await browser.post('/logout'))
    assert.equal(location(await browser.post('/logout')), first)
    assert.equal(location(await new Browser(app).post('/logout')), first)
  })

  test('LO-08 with the store down the answer is 503 and the cookie is cleared', async () => {
    class Store extends expressSession.MemoryStore {
      down = false
      override destroy(id: string, done?: (error?: unknown) => void) {
        if (this.down) done?.(new Error('store down'))
        else super.destroy(id, done)
      }
    }
    const store = new Store()
    const own = await startApp({ store })
    try {
      const browser = new Browser(own)
      await browser.signIn()
      store.down = true
      const answer = await browser.post('/logout')
      assert.equal(answer.status, 503)
      assert.match(answer.headers.get('set-cookie') ?? '', /^connect\.sid=;/)
    } finally {
      await own.close()
    }
  })
})
