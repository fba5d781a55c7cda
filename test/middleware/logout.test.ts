import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import expressSession from 'express-session'
import { type CognitoEvents, logout, onEvent } from '../../src/index.ts'
import { redirectCorpus } from '../strategy/redirect-corpus.ts'
import { ana, Browser, location, startApp, type TestApp } from '../support/app.ts'
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

  for (const clientSecret of [undefined, 'k3pt5ecretk3pt5ecretk3pt5ecretk3pt5ecretk3pt5ecret12']) {
    const kind = clientSecret === undefined ? 'public' : 'confidential'
    test(`LO-04 a ${kind} client revokes with one POST, which has the token in its body and says who asks`, async () => {
      const revocations: { url: string; init: RequestInit }[] = []
      const own = await startApp({
        client: clientSecret === undefined ? {} : { clientSecret },
        userPool: {
          fetch: (url, init) => {
            if (url.includes('/oauth2/revoke')) revocations.push({ url, init })
            return fetch(url, init)
          },
        },
      })
      try {
        const browser = new Browser(own)
        await browser.signIn()
        const row = Object.values((own.store as unknown as { sessions: Record<string, string> }).sessions)
        const { passport } = JSON.parse(row[0] ?? '') as {
          passport: { user: { tokens: { refreshToken: string } } }
        }
        await browser.post('/logout')
        assert.equal(own.local.requests.count('revoke'), 1)
        assert.equal(revocations.length, 1)
        const [{ url, init }] = revocations as [{ url: string; init: RequestInit }]
        assert.equal(url, `${own.local.url}/oauth2/revoke`)
        assert.equal(init.method, 'POST')
        const body = init.body as URLSearchParams
        assert.equal(body.get('token'), passport.user.tokens.refreshToken)
        const authorization = new Headers(init.headers).get('authorization')
        if (clientSecret === undefined) {
          assert.equal(body.get('client_id'), own.userPool.clientId)
          assert.equal(authorization, null)
        } else {
          const proof = Buffer.from(`${own.userPool.clientId}:${clientSecret}`).toString('base64')
          assert.equal(authorization, `Basic ${proof}`)
        }
      } finally {
        await own.close()
      }
    })
  }

  test('LO-03 whatever a request asks for, in its query or a form, the browser goes to the configured address', async () => {
    const there = location(await new Browser(app).post('/logout'))
    const names = ['logout_uri', 'returnTo', 'redirect_uri', 'post_logout_redirect_uri']
    const corpus = redirectCorpus(app.url)
    assert.ok(corpus.length > 300)
    for (const value of corpus) {
      const form = new URLSearchParams(Object.fromEntries(names.map((name) => [name, value]))).toString()
      const answer = await rawRequest(new URL(`/logout?${form}`, app.url), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form,
      })
      assert.equal(answer.status, 303, value)
      assert.equal(answer.headers.get('location'), there, value)
    }
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
      const heard: CognitoEvents['logout'][] = []
      const end = onEvent('logout', (event) => heard.push(event))
      const started = performance.now()
      assert.equal((await browser.post('/logout')).status, 303)
      assert.ok(performance.now() - started < 3_000)
      end()
      const { userPoolId, clientId } = app.userPool
      const error = 'ERR_COGNITO_UNAVAILABLE'
      assert.deepEqual(
        heard.map((event) => ({ ...event })),
        [{ type: 'revocation_failed', userPoolId, clientId, error }],
      )
      assert.equal(app.local.requests.count('revoke'), 1)
      assert.equal((await browser.open('/account')).status, 303)
    })
  }

  test('LO-10 the access token of a sign-in that has ended here is refused as a bearer token, at once', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const { sessions } = app.store as unknown as { sessions: Record<string, string> }
    const cookie = decodeURIComponent(browser.cookie() ?? '')
    const row = Object.entries(sessions).find(([id]) => cookie.startsWith(`s:${id}.`))?.[1] ?? ''
    const { passport } = JSON.parse(row) as { passport: { user: { tokens: { accessToken: string } } } }
    const api = () => fetchApi(passport.user.tokens.accessToken)
    assert.equal((await api()).status, 200)
    assert.equal((await browser.post('/logout')).status, 303)
    const answer = await api()
    assert.equal(answer.status, 401)
    assert.match(answer.headers.get('www-authenticate') ?? '', /error="invalid_token"/)
  })

  test('LO-10 after a global sign-out that happened elsewhere bearer tokens are good until they expire, or until isRevoked says no', async () => {
    let signedOut = false
    const own = await startApp({ userPool: { isRevoked: () => signedOut } })
    try {
      const { username, password } = ana
      const step = await own.userPool.signIn({ username, password })
      assert.ok(step.status === 'signed-in')
      await own.userPool.account.globalSignOut(step.tokens)
      const api = () => fetchApi(step.tokens.accessToken, own)
      assert.equal((await api()).status, 200)
      signedOut = true
      assert.equal((await api()).status, 401)
    } finally {
      await own.close()
    }
  })

  const fetchApi = (token: string, { url } = app) =>
    rawRequest(new URL('/api/me', url), { headers: { authorization: `Bearer ${token}` } })

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
      const heard: string[] = []
      const end = onEvent('logout', ({ type, error }) => heard.push(`${type} ${error}`))
      const answer = await browser.post('/logout')
      end()
      assert.equal(answer.status, 503)
      assert.deepEqual(heard, ['session_kept ERR_COGNITO_UNAVAILABLE'])
      assert.equal(own.local.requests.count('revoke'), 1)
      assert.match(answer.headers.get('set-cookie') ?? '', /^connect\.sid=;/)
    } finally {
      await own.close()
    }
  })
})
