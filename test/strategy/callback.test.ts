import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, mock, test } from 'node:test'
import type { CallbackError } from '../../src/index.ts'
import { signInOnLoginPage } from '../support/login-form.ts'
import { ana, ben, Browser, location, startApp, type TestApp } from '../support/app.ts'

describe('the callback', () => {
  let app: TestApp
  before(async () => (app = await startApp()))
  after(() => app.close())
  beforeEach(() => {
    app.local.requests.clear()
    app.errors.length = 0
  })
  const tokenCalls = () => app.local.requests.count('token')
  const rows = () => (app.store as unknown as { sessions: Record<string, string> }).sessions
  const rowOf = (browser: Browser) =>
    Object.entries(rows()).find(([id]) =>
      decodeURIComponent(browser.cookie() ?? '').startsWith(`s:${id}.`),
    )?.[1] ?? ''
  const reason = () => (app.errors.at(-1) as CallbackError).reason

  /** Starts a sign-in and gives its `state`, as a person does who has not come to the login page yet. */
  async function pending(browser: Browser): Promise<string> {
    return new URL(location(await browser.open('/login'))).searchParams.get('state') ?? ''
  }

  /** Nobody is signed in, the callback is used up, and Cognito was not asked for tokens. */
  async function assertEnded(browser: Browser, callback: string): Promise<void> {
    assert.equal((await browser.open('/account')).status, 303)
    const again = await browser.open(callback)
    assert.equal(again.status, 400)
    assert.equal(again.headers.get('location'), null)
  }

  test('AC-08 a sign-in older than ten minutes is 400 without a token request, and its record is gone', async () => {
    const browser = new Browser(app)
    const callback = await browser.callbackOf(ana)
    const state = new URL(callback).searchParams.get('state') ?? ''
    assert.ok(rowOf(browser).includes(state))
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 10 * 60_000 + 1_000 })
    try {
      assert.equal((await browser.open(callback)).status, 400)
      assert.equal(reason(), 'transaction_expired')
      assert.ok(!rowOf(browser).includes(state))
      assert.equal((await browser.open(callback)).status, 400)
    } finally {
      mock.timers.reset()
    }
    assert.equal((await browser.open(callback)).status, 400)
    assert.equal(tokenCalls(), 0)
  })

  test('AC-08 a sign-in of just under ten minutes still ends well', async () => {
    const browser = new Browser(app)
    const login = location(await browser.open('/login'))
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 10 * 60_000 - 5_000 })
    try {
      const callback = (await signInOnLoginPage(login, ana, browser.jar)).href
      assert.equal((await browser.open(callback)).status, 303)
    } finally {
      mock.timers.reset()
    }
  })

  test('AC-12 an ID token with the nonce of another pending sign-in is 502, and both are unusable', async () => {
    const browser = new Browser(app)
    const [one, two] = [
      new URL(location(await browser.open('/login'))),
      new URL(location(await browser.open('/login'))),
    ]
    const other = (await signInOnLoginPage(two.href, ana, browser.jar)).href
    one.searchParams.set('nonce', two.searchParams.get('nonce') ?? '')
    const mixed = (await signInOnLoginPage(one.href, ana, browser.jar)).href
    assert.equal((await browser.open(mixed)).status, 502)
    assert.equal(reason(), 'nonce_mismatch')
    assert.equal(tokenCalls(), 1)
    await assertEnded(browser, mixed)
    await assertEnded(browser, other)
    assert.equal(tokenCalls(), 1)
    // The browser is not locked out: a new sign-in works.
    assert.equal((await browser.signIn(ana)).status, 303)
  })

  test('AC-15 iss may be absent, or the issuer of the pool', async () => {
    for (const issuer of [undefined, ...app.userPool.issuers]) {
      const browser = new Browser(app)
      const callback = new URL(await browser.callbackOf(ana))
      if (issuer !== undefined) callback.searchParams.set('iss', issuer)
      assert.equal((await browser.open(callback.href)).status, 303)
      assert.equal((await browser.open('/account')).status, 200)
    }
  })

  const wrongIssuers: [string, (issuer: string) => string[]][] = [
    ['another', () => ['https://evil.example']],
    ['empty', () => ['']],
    ['written otherwise', (issuer) => [`${issuer}/`]],
    ['there twice', (issuer) => [issuer, issuer]],
    ['there twice, once wrong', (issuer) => [issuer, 'https://evil.example']],
  ]
  for (const [what, issuers] of wrongIssuers) {
    test(`AC-15 iss that is ${what} is 400 without a token request`, async () => {
      const browser = new Browser(app)
      const callback = new URL(await browser.callbackOf(ana))
      for (const issuer of issuers(app.userPool.issuer)) callback.searchParams.append('iss', issuer)
      assert.equal((await browser.open(callback.href)).status, 400)
      assert.match(reason(), /^(issuer_mismatch|parameters_invalid)$/)
      await assertEnded(browser, callback.href)
      assert.equal(tokenCalls(), 0)
    })
  }

  test('AC-16 access_denied is 401, and nothing of its description reaches the body or a header', async () => {
    const browser = new Browser(app)
    const description = '%3Cscript%3Ealert(1)%3C/script%3E%0d%0aX-Injected:%20y%0d%0aSet-Cookie:%20a=b'
    const callback = `/callback?error=access_denied&error_description=${description}&error_uri=${description}&state=${await pending(browser)}`
    const answer = await browser.open(callback)
    assert.equal(answer.status, 401)
    assert.equal(answer.headers.get('x-injected'), null)
    const said = [...answer.headers].flat().join('\n') + (await answer.text())
    assert.doesNotMatch(said, /script|X-Injected|a=b/i)
    await assertEnded(browser, callback)
    assert.equal(tokenCalls(), 0)
  })

  for (const error of ['server_error', 'temporarily_unavailable']) {
    test(`AC-17 the error ${error} is 503 with Retry-After, and the sign-in is used up`, async () => {
      const browser = new Browser(app)
      const callback = `/callback?error=${error}&state=${await pending(browser)}`
      const answer = await browser.open(callback)
      assert.equal(answer.status, 503)
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
      await assertEnded(browser, callback)
      assert.equal(tokenCalls(), 0)
    })
  }

  test('AC-17 an error and a code together are 400 without a token request, and the sign-in is used up', async () => {
    for (const error of ['access_denied', 'server_error', '']) {
      const browser = new Browser(app)
      const callback = await browser.callbackOf(ana)
      assert.equal((await browser.open(`${callback}&error=${error}`)).status, 400)
      assert.equal(reason(), 'parameters_invalid')
      await assertEnded(browser, callback)
    }
    assert.equal(tokenCalls(), 0)
  })

  test('AC-17 other errors of Cognito are 400', async () => {
    for (const error of ['invalid_request', 'unauthorized_client', 'invalid_scope', '__proto__', '<b>']) {
      const browser = new Browser(app)
      const callback = `/callback?error=${encodeURIComponent(error)}&state=${await pending(browser)}`
      assert.equal((await browser.open(callback)).status, 400)
      assert.equal(reason(), 'authorization_failed')
    }
    assert.equal(tokenCalls(), 0)
  })

  test('AC-26 the callback of an attacker neither signs the victim in nor out', async () => {
    const attack = await new Browser(app).callbackOf(ben)
    for (const kind of ['new', 'pending', 'signed in'] as const) {
      const victim = new Browser(app)
      if (kind === 'pending') await pending(victim)
      if (kind === 'signed in') await victim.signIn(ana)
      app.local.requests.clear()
      const [cookie, row] = [victim.cookie(), rowOf(victim)]
      const answer = await victim.open(attack)
      assert.equal(answer.status, 400)
      assert.equal(answer.headers.get('set-cookie'), null)
      assert.deepEqual([victim.cookie(), rowOf(victim)], [cookie, row])
      assert.equal(tokenCalls(), 0)
      const account = await victim.fetch('/account')
      if (kind !== 'signed in') assert.equal(account.status, 401)
      else assert.equal(((await account.json()) as Record<string, string>)['cognito:username'], 'ana')
    }
  })

  test("AC-27 a victim's code in the attacker's own sign-in is refused for its PKCE challenge", async () => {
    const [attacker, victim] = [new Browser(app), new Browser(app)]
    const stolen = new URL(await victim.callbackOf(ana)).searchParams.get('code') ?? ''
    const callback = new URL(await attacker.callbackOf(ben))
    callback.searchParams.set('code', stolen)
    assert.equal((await attacker.open(callback.href)).status, 400)
    assert.equal(reason(), 'code_refused')
    assert.equal(tokenCalls(), 1)
    await assertEnded(attacker, callback.href)
  })
})
