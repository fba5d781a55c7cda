import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { CallbackError, type CognitoUser, SessionEndedError } from '../../src/index.ts'
import { Browser, location } from '../support/app.ts'
import { browse, CookieJar } from '../support/login-form.ts'
import { clientSecret, confidentialClient, type OtherProvider } from './other-provider.ts'
import { startSmallApp } from './other-provider-app.ts'

describe('the strategy against another OpenID provider', () => {
  let app: Awaited<ReturnType<typeof startSmallApp>>
  let provider: OtherProvider
  let goodClaims: Record<string, unknown>

  before(async () => {
    app = await startSmallApp()
    provider = app.provider
    goodClaims = provider.claims
  })
  after(() => app.close())
  beforeEach(() => {
    app.usePool({})
    provider.claims = { ...goodClaims }
    provider.accessTokenFormat = 'jwt'
    provider.requests.length = 0
  })

  const tokenCalls = () => provider.requests.filter((request) => request === 'POST /oauth2/token').length

  /** From the app's login route, through the provider, to the callback URL that is not opened yet. */
  async function callbackFor(
    browser: Browser,
    change = (authorize: URL) => authorize,
    path = '/login',
  ): Promise<URL> {
    return follow(change(new URL(location(await browser.open(path)))))
  }

  async function follow(authorize: URL): Promise<URL> {
    const jar = new CookieJar()
    let at = authorize
    while (at.origin === provider.url) {
      const response = await browse(jar, at)
      const to = response.headers.get('location')
      assert.ok(to !== null, `the provider answers ${response.status}: ${await response.text()}`)
      at = new URL(to, at)
    }
    return at
  }

  /** Opens the callback and gives the reason why the sign-in did not finish; nobody is signed in. */
  async function refused(browser: Browser, callback: URL): Promise<string> {
    const response = await browser.open(callback.href)
    const error = app.errors.pop()
    assert.ok(error instanceof CallbackError, `${response.status} ${String(error)}`)
    assert.equal(response.status, error.status)
    assert.equal((await browser.open('/account')).status, 303)
    return `${error.status} ${error.reason}`
  }

  for (const kind of ['public', 'confidential']) {
    test(`a ${kind} client signs in end to end, and comes back to the page asked for`, async () => {
      if (kind === 'confidential') app.usePool({ clientId: confidentialClient, clientSecret })
      const browser = new Browser(app)
      const callback = await callbackFor(browser, undefined, '/login?returnTo=/account')
      assert.equal(callback.searchParams.get('iss'), provider.url, 'RFC 9207, which Cognito does not have')
      const back = await browser.open(callback.href)
      assert.deepEqual([back.status, back.headers.get('location')], [303, '/account'])
      assert.equal(tokenCalls(), 1)
      const claims = (await (await browser.fetch('/account')).json()) as Record<string, unknown>
      assert.equal(claims['iss'], provider.url)
      assert.equal(claims['sub'], 'user-1')
      assert.equal(claims['email'], 'ana@example.com')
      assert.deepEqual(claims['cognito:groups'], ['admin'])
    })
  }

  test('the tokens of its sign-in refresh with rotation, and are revoked', async () => {
    const browser = new Browser(app)
    await browser.open((await callbackFor(browser)).href)
    const { tokens } = app.lastUser() as CognitoUser
    const first = await app.userPool().refresh(tokens)
    assert.notEqual(first.tokens.accessToken, tokens.accessToken)
    assert.notEqual(first.tokens.refreshToken, tokens.refreshToken)
    await app.userPool().revoke(first.tokens)
    await assert.rejects(app.userPool().refresh(first.tokens), SessionEndedError)
    // Another process, which does not know what the first refresh brought: a replayed refresh token is refused.
    await assert.rejects(app.anotherPool().refresh(tokens), SessionEndedError)
  })

  test('the provider demands PKCE, and gets it', async () => {
    const browser = new Browser(app)
    const callback = await callbackFor(browser, (authorize) => {
      assert.equal(authorize.searchParams.get('code_challenge_method'), 'S256')
      authorize.searchParams.delete('code_challenge')
      authorize.searchParams.delete('code_challenge_method')
      return authorize
    })
    assert.equal(callback.searchParams.get('error'), 'invalid_request')
    assert.match(provider.lastError()?.error_description ?? '', /PKCE/)
    assert.equal(await refused(browser, callback), '400 authorization_failed')
    assert.equal(tokenCalls(), 0)
  })

  test('AC-27 a code that was got for another PKCE challenge is refused by the provider', async () => {
    const [attacker, victim] = [new Browser(app), new Browser(app)]
    const stolen = (await callbackFor(victim)).searchParams.get('code') ?? ''
    const callback = await callbackFor(attacker)
    callback.searchParams.set('code', stolen)
    assert.equal(await refused(attacker, callback), '400 code_refused')
    assert.equal(tokenCalls(), 1)
  })

  test('AC-04 a state that is another, missing or doubled is refused before any exchange', async () => {
    for (const change of [
      (query: URLSearchParams) => query.set('state', 'another'),
      (query: URLSearchParams) => query.delete('state'),
      (query: URLSearchParams) => query.append('state', query.get('state') ?? ''),
    ]) {
      const browser = new Browser(app)
      const callback = await callbackFor(browser)
      change(callback.searchParams)
      assert.match(await refused(browser, callback), /^400 (state_mismatch|parameters_invalid)$/)
    }
    assert.equal(tokenCalls(), 0)
  })

  test('AC-26 the callback of another browser is refused before any exchange', async () => {
    const callback = await callbackFor(new Browser(app))
    assert.equal(await refused(new Browser(app), callback), '400 transaction_missing')
    assert.equal(tokenCalls(), 0)
  })

  test('AC-11 an ID token with another nonce, or none, is 502', async () => {
    for (const change of [
      (query: URLSearchParams) => query.set('nonce', 'of-another-sign-in'),
      (query: URLSearchParams) => query.delete('nonce'),
    ]) {
      const browser = new Browser(app)
      const callback = await callbackFor(browser, (authorize) => {
        change(authorize.searchParams)
        return authorize
      })
      assert.equal(await refused(browser, callback), '502 nonce_mismatch')
    }
  })

  test('AC-15 another iss in the callback is refused before any exchange', async () => {
    const browser = new Browser(app)
    const callback = await callbackFor(browser)
    callback.searchParams.set('iss', 'https://evil.example')
    assert.equal(await refused(browser, callback), '400 issuer_mismatch')
    assert.equal(tokenCalls(), 0)
  })

  test('AC-18 a code that is redeemed twice is refused', async () => {
    const userPool = app.userPool()
    const trip = { callbackURL: app.callbackURL, state: 's', nonce: 'n', codeVerifier: 'v'.repeat(43) }
    const callback = await follow(await userPool.authorizationUrl(trip))
    const exchange = { ...trip, code: callback.searchParams.get('code') ?? '' }
    assert.equal((await userPool.exchangeCode(exchange)).sub, 'user-1')
    await assert.rejects(userPool.exchangeCode(exchange), { name: 'CallbackError', reason: 'code_refused' })
    assert.equal(tokenCalls(), 2)
  })

  const badAnswers: [string, () => void][] = [
    ['an ID token that says it is another kind of token', () => (provider.claims['token_use'] = 'access')],
    ['an ID token that says nothing of its kind', () => delete provider.claims['token_use']],
    ['groups that are no list', () => (provider.claims['cognito:groups'] = 'admin')],
    ['an opaque access token', () => (provider.accessTokenFormat = 'opaque')],
    ['an ID token signed with PS256', () => app.usePool({ clientId: 'ps256' })],
  ]
  for (const [what, bend] of badAnswers) {
    test(`AC-11 ${what} is 502`, async () => {
      bend()
      const browser = new Browser(app)
      assert.equal(await refused(browser, await callbackFor(browser)), '502 token_response_invalid')
      assert.equal(tokenCalls(), 1)
    })
  }

  test('AC-11 tokens of a provider that is not the configured issuer are 502', async () => {
    app.usePool({ issuer: 'https://sso.example.com' })
    const browser = new Browser(app)
    const callback = await callbackFor(browser)
    callback.searchParams.delete('iss')
    assert.equal(await refused(browser, callback), '502 token_response_invalid')
  })

  test('a wrong client secret is 502 for the operator to look at', async () => {
    app.usePool({ clientId: confidentialClient, clientSecret: 'wrong' })
    const browser = new Browser(app)
    assert.equal(await refused(browser, await callbackFor(browser)), '502 client_refused')
  })

  test('prompt=none with nobody signed in is 401 login_required', async () => {
    const browser = new Browser(app)
    const response = await browser.open((await callbackFor(browser, undefined, '/silent')).href)
    assert.equal(response.status, 401)
    assert.equal(tokenCalls(), 0)
    assert.equal((await browser.open('/account')).status, 303)
  })
})
