import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { UserPool } from '../../src/index.ts'
import type { LocalFault } from '../../src/local/server/faults.ts'
import { ana, Browser, location, startApp, type TestApp } from '../support/app.ts'
import { startUpstream } from '../support/upstream.ts'

describe('the token endpoint, as the strategy meets it', () => {
  let app: TestApp
  before(async () => (app = await startApp({ userPool: { timeoutMs: 500 } })))
  after(() => app.close())
  beforeEach(() => app.local.requests.clear())
  const tokenCalls = () => app.local.requests.count('token')

  /** Opens a callback whose exchange fails, and asserts that nobody is signed in and the code is not tried again. */
  async function failed(callback: string, browser: Browser, status: number): Promise<void> {
    const cookie = browser.cookie()
    const start = performance.now()
    const answer = await browser.open(callback)
    assert.ok(performance.now() - start < 10_000)
    assert.equal(answer.status, status)
    assert.equal(answer.headers.get('location'), null)
    assert.equal(answer.headers.get('retry-after') !== null, status === 503)
    assert.equal(browser.cookie(), cookie)
    assert.equal((await browser.open('/account')).status, 303)
    assert.equal(tokenCalls(), 1)
    assert.equal((await browser.open(callback)).status, 400)
    assert.equal(tokenCalls(), 1)
  }

  for (const body of [
    '{"error":"invalid_grant"}',
    '{"error":"invalid_grant","error_description":"canary"}',
  ]) {
    test(`AC-18 ${body} is 400 after exactly one request, and nobody is signed in`, async (t) => {
      const browser = new Browser(app)
      const callback = await browser.callbackOf(ana)
      t.after(app.local.fail('token', { status: 400, body }))
      await failed(callback, browser, 400)
    })
  }

  test('AC-18 a code that was used already, elsewhere, is 400 after exactly one request', async () => {
    const browser = new Browser(app)
    const callback = new URL(await browser.callbackOf(ana))
    const other = new URL(await new Browser(app).callbackOf(ana))
    callback.searchParams.set('code', other.searchParams.get('code') ?? '')
    await failed(callback.href, browser, 400)
  })

  const faults: [string, LocalFault][] = [
    ['500', { status: 500 }],
    ['503 with HTML', { status: 503, body: '<h1>Down</h1>' }],
    ['200 with HTML', 'garbage'],
    ['302', { status: 302 }],
    ['throttling', 'throttle'],
    ['a dropped connection', 'reset'],
    ['an endpoint that hangs', 'hang'],
    ['JSON that stops in the middle', { status: 200, body: '{"access_token":"ey' }],
  ]
  for (const [what, fault] of faults) {
    test(`AC-19 ${what} is 503 in time, with one token request and no session`, async (t) => {
      const browser = new Browser(app)
      const callback = await browser.callbackOf(ana)
      t.after(app.local.fail('token', fault))
      await failed(callback, browser, 503)
    })
  }

  const upstreams = ['huge', 'drip'] as const
  for (const answer of upstreams) {
    test(`AC-19 an answer that is ${answer} is 503 in time, with one token request and no session`, async (t) => {
      const upstream = await startUpstream(answer)
      t.after(() => upstream.close())
      const broken = new UserPool({ ...app.local.userPool, domain: upstream.url, timeoutMs: 500 })
      const own = await startApp({ strategy: { userPool: broken } })
      t.after(() => own.close())
      const browser = new Browser(own)
      const state = new URL(location(await browser.open('/login'))).searchParams.get('state') ?? ''
      const start = performance.now()
      const response = await browser.open(`/callback?code=c&state=${state}`)
      assert.ok(performance.now() - start < 3_000)
      assert.equal(response.status, 503)
      assert.deepEqual(upstream.requests, [{ method: 'POST', path: '/oauth2/token' }])
      assert.ok(upstream.bytesSent() < 20 * 1024 * 1024)
      assert.equal((await browser.open('/account')).status, 303)
      assert.equal((await browser.open(`/callback?code=c&state=${state}`)).status, 400)
      assert.equal(upstream.requests.length, 1)
    })
  }

  /** Signs in with these members over what the token endpoint would say. */
  async function signInWith(members: Record<string, unknown>, t: { after(run: () => void): void }) {
    const browser = new Browser(app)
    const callback = await browser.callbackOf(ana)
    const row = Object.values((app.store as unknown as { sessions: Record<string, string> }).sessions).find(
      (text) => text.includes(new URL(callback).searchParams.get('state') ?? ''),
    )
    const nonce = /"nonce":"([^"]+)"/.exec(row ?? '')?.[1]
    const [id, access] = await Promise.all([
      app.local.issueToken({ tokenUse: 'id', claims: { nonce } }),
      app.local.issueToken({ tokenUse: 'access' }),
    ])
    const answer = { id_token: id, access_token: access, token_type: 'Bearer', expires_in: 3600, ...members }
    // 1e309 is JSON, and infinite; JSON.stringify would write null.
    const body = JSON.stringify(answer).replace('"1e309"', '1e309')
    t.after(app.local.fail('token', { status: 200, body }))
    return { browser, callback }
  }

  for (const expires of [undefined, -1, 0, 'abc', '1e309', null]) {
    test(`AC-20 with expires_in ${JSON.stringify(expires) ?? 'absent'} the tokens' own exp counts, and nothing is refreshed`, async (t) => {
      const { browser, callback } = await signInWith({ expires_in: expires }, t)
      assert.equal((await browser.open(callback)).status, 303)
      assert.equal((await browser.open('/account')).status, 200)
      assert.equal(tokenCalls(), 1)
    })
  }

  for (const type of ['DPoP', 'mac', 7, undefined]) {
    test(`AC-20 the token type ${type} is 502 after one request, and nobody is signed in`, async (t) => {
      const { browser, callback } = await signInWith({ token_type: type }, t)
      await failed(callback, browser, 502)
    })
  }
})
