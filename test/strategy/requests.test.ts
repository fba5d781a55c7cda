import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { unwanted } from '../../src/strategy/unwanted.ts'
import { deliver } from '../../src/strategy/outcome.ts'
import { ana, Browser, location } from '../support/app.ts'
import { rawRequest } from '../support/raw-request.ts'
import { OpenStore, type SessionApp, startSessionApp } from '../flows/session-app.ts'

describe('requests that neither start nor finish a sign-in', () => {
  const store = new OpenStore()
  let app: SessionApp
  before(async () => (app = await startSessionApp({ expressSession: { store } })))
  after(() => app.close())
  beforeEach(() => {
    app.local.requests.clear()
    store.writes = 0
  })

  const prefetches: Record<string, string>[] = [
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { 'sec-purpose': 'prefetch;anonymous-client-ip' },
    { purpose: 'prefetch' },
    { 'x-moz': 'prefetch' },
  ]
  for (const headers of prefetches) {
    test(`AC-29 a login that is fetched ahead with ${JSON.stringify(headers)} is 204 and writes nothing`, async () => {
      const browser = new Browser(app)
      const answer = await browser.open('/login', headers)
      assert.equal(answer.status, 204)
      assert.equal(answer.headers.get('location'), null)
      assert.equal(answer.headers.get('set-cookie'), null)
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      assert.equal(store.writes, 0)
      assert.equal((await browser.open('/login')).status, 303)
    })
  }

  test('AC-29 a callback that is fetched ahead is 204, and the person who opens it then is signed in', async () => {
    const browser = new Browser(app)
    const callback = await browser.callbackOf(ana)
    assert.equal((await browser.open(callback, { 'sec-purpose': 'prefetch;prerender' })).status, 204)
    assert.equal(app.local.requests.count('token'), 0)
    assert.equal((await browser.open(callback)).status, 303)
    assert.equal((await browser.open('/account')).status, 200)
  })

  const scripts: Record<string, string>[] = [
    { accept: 'application/json' },
    { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: 'text/html' },
    { 'sec-fetch-mode': 'same-origin', 'sec-fetch-dest': 'empty' },
  ]
  for (const headers of scripts) {
    test(`AC-29 a script that asks for a protected page with ${JSON.stringify(headers)} gets 401 JSON, and nothing is written`, async () => {
      const answer = await rawRequest(new URL('/account', app.url), { headers })
      assert.equal(answer.status, 401)
      assert.equal(answer.headers.get('location'), null)
      assert.equal(answer.headers.get('set-cookie'), null)
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
      assert.equal(((await answer.json()) as { error: string }).error, 'ERR_COGNITO_UNAUTHENTICATED')
      assert.equal(store.writes, 0)
    })
  }

  for (const method of ['POST', 'HEAD', 'PUT', 'DELETE']) {
    test(`AC-32 ${method} on the callback is 405 without a token request, and uses up nothing`, async () => {
      const browser = new Browser(app)
      const callback = new URL(await browser.callbackOf(ana))
      const headers = {
        cookie: browser.jar.header(callback),
        'content-type': 'application/x-www-form-urlencoded',
      }
      const body = callback.searchParams.toString()
      for (const answer of [
        await rawRequest(callback, { method, headers }),
        await rawRequest(new URL('/callback', app.url), {
          method,
          headers,
          ...(method.startsWith('P') && { body }),
        }),
      ]) {
        assert.equal(answer.status, 405)
        assert.equal(answer.headers.get('allow'), 'GET')
        assert.equal(answer.headers.get('location'), null)
      }
      assert.equal(app.local.requests.count('token'), 0)
      assert.equal((await browser.open(callback.href)).status, 303)
    })
  }

  test('a POST on the login route starts a sign-in, and so does a request without any headers', () => {
    assert.equal(unwanted({ method: 'POST', headers: {} }, false), undefined)
    assert.equal(unwanted({ headers: { 'sec-purpose': 'prefetching' } }, false), undefined)
    assert.equal(unwanted({}, true), undefined)
  })

  test('without the response of Express, Passport answers', () => {
    const calls: unknown[][] = []
    const record = (...args: unknown[]) => void calls.push(args)
    const actions = { success: record, fail: record, redirect: record, error: record }
    deliver(actions, { type: 'answer', status: 405, headers: { Allow: 'GET' } }, {})
    assert.deepEqual(calls, [[{}, 405]])
  })

  test('what Passport throws is the next handler’s, and without one it is thrown as it is', () => {
    const mistake = new Error('a mistake in the app')
    const fail = () => {
      throw mistake
    }
    const actions = { success: fail, fail, redirect: fail, error: fail }
    const given: unknown[] = []
    deliver(actions, { type: 'redirect', url: '/' }, { next: (error: unknown) => void given.push(error) })
    assert.deepEqual(given, [mistake])
    assert.throws(
      () => deliver(actions, { type: 'redirect', url: '/' }, {}),
      (error) => error === mistake,
    )
  })
})

for (const trustProxy of [false, 1]) {
  describe(`addresses behind a proxy, with trust proxy ${trustProxy}`, () => {
    let app: SessionApp
    before(async () => (app = await startSessionApp({ trustProxy })))
    after(() => app.close())

    const spoofs: Record<string, string>[] = [
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example' },
      { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example' },
      { host: 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '8443' },
      { forwarded: 'host=evil.example;proto=https' },
    ]
    for (const headers of spoofs) {
      test(`AC-28 redirect_uri and logout_uri are the configured ones with ${JSON.stringify(headers)}`, async () => {
        const browser = new Browser(app)
        const login = new URL(location(await browser.open('/login?returnTo=/files', headers)))
        assert.equal(login.origin, app.local.url)
        assert.equal(login.searchParams.get('redirect_uri'), `${app.url}/callback`)

        await browser.signIn()
        const out = new URL(location(await browser.post('/logout', headers)))
        assert.equal(out.origin, app.local.url)
        assert.equal(out.searchParams.get('logout_uri'), `${app.url}/`)
      })

      test(`AC-28 the callback sends the configured redirect_uri to the token endpoint with ${JSON.stringify(headers)}`, async () => {
        const browser = new Browser(app)
        const callback = new URL(await browser.callbackOf(ana, '/login?returnTo=/files'))
        const answer = await browser.open(callback.pathname + callback.search, headers)
        // The local Cognito refuses a code with any other redirect_uri, as Cognito does.
        assert.equal(answer.status, 303)
        assert.equal(location(answer), '/files')
      })
    }
  })
}
