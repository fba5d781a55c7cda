import assert from 'node:assert/strict'
import { after, before, describe, mock, test } from 'node:test'
import { CallbackError } from '../../src/index.ts'
import { ana, ben, Browser, location, startApp, type TestApp } from '../support/app.ts'

const tokenCalls = (app: TestApp) => app.local.requests.count('token')
const lastError = (app: TestApp) => app.errors.at(-1)

describe('CognitoStrategy', () => {
  let app: TestApp
  before(async () => (app = await startApp()))
  after(() => app.close())

  test('AC-01 each login redirects with 303 to the authorize endpoint with its own state, nonce and PKCE challenge', async () => {
    const urls = await Promise.all(
      [1, 2].map(async () => {
        const login = await new Browser(app).open('/login')
        assert.equal(login.status, 303)
        return new URL(location(login))
      }),
    )
    for (const url of urls) {
      assert.equal(`${url.origin}${url.pathname}`, `${app.local.url}/oauth2/authorize`)
      assert.equal(url.searchParams.get('response_type'), 'code')
      assert.equal(url.searchParams.get('code_challenge_method'), 'S256')
      assert.equal(url.searchParams.get('redirect_uri'), `${app.url}/callback`)
      assert.equal(url.searchParams.get('client_id'), app.userPool.clientId)
      assert.equal(url.searchParams.get('scope'), 'openid email profile')
    }
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const [one, two] = urls.map((url) => url.searchParams.get(name) ?? '')
      assert.notEqual(one, two)
      // 43 characters of base64url are 256 bits.
      assert.match(one ?? '', /^[\w-]{43}$/)
    }
  })

  test('AC-02 PKCE, state and nonce are sent although the discovery document does not advertise them', async () => {
    const discovery = `${app.local.url}/${app.userPool.userPoolId}/.well-known/openid-configuration`
    const document = (await (await fetch(discovery)).json()) as object
    assert.ok(!('code_challenge_methods_supported' in document))
    const url = new URL(location(await new Browser(app).open('/login')))
    for (const name of ['state', 'nonce', 'code_challenge']) assert.ok(url.searchParams.get(name))
  })

  test('AC-03 a callback without a session is 400, makes no token request and starts no login', async () => {
    const calls = tokenCalls(app)
    const answer = await new Browser(app).open('/callback?code=x&state=y')
    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('location'), null)
    assert.equal(answer.headers.get('set-cookie'), null)
    assert.equal(tokenCalls(app), calls)
    const error = lastError(app)
    assert.ok(error instanceof CallbackError)
    assert.equal(error.reason, 'transaction_missing')
    assert.match(error.hint, /cookie/)
  })

  test('a callback without any parameter is 400 and not a new login', async () => {
    const answer = await new Browser(app).open('/callback')
    assert.equal(answer.status, 400)
    assert.equal((lastError(app) as CallbackError).reason, 'parameters_invalid')
  })

  const changes: [string, (url: URL) => void, string][] = [
    ['state is wrong', (url) => url.searchParams.set('state', 'wrong'), 'state_mismatch'],
    ['state is missing', (url) => url.searchParams.delete('state'), 'parameters_invalid'],
    [
      'state comes twice',
      (url) => url.searchParams.append('state', url.searchParams.get('state') ?? ''),
      'parameters_invalid',
    ],
    [
      'state comes as an array',
      (url) => {
        url.searchParams.set('state[]', url.searchParams.get('state') ?? '')
        url.searchParams.delete('state')
      },
      'parameters_invalid',
    ],
    ['code comes twice', (url) => url.searchParams.append('code', 'other'), 'parameters_invalid'],
    ['code is empty', (url) => url.searchParams.set('code', ''), 'parameters_invalid'],
    [
      'code and error come together',
      (url) => url.searchParams.set('error', 'access_denied'),
      'parameters_invalid',
    ],
    [
      'iss is another issuer',
      (url) => url.searchParams.set('iss', 'https://evil.example'),
      'issuer_mismatch',
    ],
  ]
  for (const [name, change, reason] of changes) {
    test(`AC-04 the callback is 400 without a token request when ${name}`, async () => {
      const browser = new Browser(app)
      const url = new URL(await browser.callbackOf(ana))
      const calls = tokenCalls(app)
      change(url)
      assert.equal((await browser.open(url.href)).status, 400)
      assert.equal((lastError(app) as CallbackError).reason, reason)
      assert.equal(tokenCalls(app), calls)
      assert.equal((await browser.open('/account')).status, 303)
    })
  }

  test('AC-04 a callback with a wrong state does not use up the sign-in that is pending', async () => {
    const browser = new Browser(app)
    const callback = await browser.callbackOf(ana)
    await browser.open('/callback?code=x&state=wrong')
    assert.equal((await browser.open(callback)).status, 303)
    assert.equal((await browser.open('/account')).status, 200)
  })

  test('AC-06 the callback opened again after success leads to its page, with no second exchange and the same session', async () => {
    const browser = new Browser(app)
    const callback = await browser.callbackOf(ana, '/login?returnTo=/files')
    await browser.open(callback)
    const [calls, cookie] = [tokenCalls(app), browser.cookie()]
    const again = await browser.open(callback)
    assert.equal(again.status, 303)
    assert.equal(location(again), '/files')
    assert.equal(tokenCalls(app), calls)
    assert.equal(browser.cookie(), cookie)
    assert.equal((await browser.open('/account')).status, 200)
  })

  test('AC-06 the callback of a sign-in that failed is 400 when it is opened again', async () => {
    const browser = new Browser(app)
    const callback = await browser.callbackOf(ana)
    app.local.fail('token', { status: 500 }, { times: 1 })
    assert.equal((await browser.open(callback)).status, 503)
    const calls = tokenCalls(app)
    assert.equal((await browser.open(callback)).status, 400)
    assert.equal((lastError(app) as CallbackError).reason, 'transaction_used')
    assert.equal(tokenCalls(app), calls)
  })

  test('a sign-in that took longer than ten minutes is refused without a token request', async () => {
    const browser = new Browser(app)
    const callback = await browser.callbackOf(ana)
    const calls = tokenCalls(app)
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 10 * 60_000 + 1_000 })
    try {
      assert.equal((await browser.open(callback)).status, 400)
    } finally {
      mock.timers.reset()
    }
    assert.equal((lastError(app) as CallbackError).reason, 'transaction_expired')
    assert.equal(tokenCalls(app), calls)
  })

  test('two tabs both end signed in, each on its own page', async () => {
    const browser = new Browser(app)
    const one = await browser.callbackOf(ana, '/login?returnTo=/one')
    const two = await browser.callbackOf(ana, '/login?returnTo=/two')
    assert.equal(location(await browser.open(one)), '/one')
    assert.equal(location(await browser.open(two)), '/two')
    assert.equal((await browser.open('/account')).status, 200)
  })

  test('of more than ten sign-ins pending in one browser the oldest is forgotten', async () => {
    const browser = new Browser(app)
    const first = await browser.callbackOf(ana)
    for (let tab = 0; tab < 10; tab += 1) await browser.open('/login')
    assert.equal((await browser.open(first)).status, 400)
    assert.equal((lastError(app) as CallbackError).reason, 'state_mismatch')
  })

  test('SE-01 signing in changes the session id and removes the old session from the store', async () => {
    const browser = new Browser(app)
    const callback = await browser.callbackOf(ana)
    const before = browser.cookie()
    const stored = Object.keys((app.store as unknown as { sessions: object }).sessions)
    const oldId = stored.find((id) => decodeURIComponent(before ?? '').startsWith(`s:${id}.`))
    assert.ok(before && oldId)
    await browser.open(callback)
    assert.notEqual(browser.cookie(), before)
    assert.ok(!Object.keys((app.store as unknown as { sessions: object }).sessions).includes(oldId))
    // uid-safe's 24 bytes in base64url.
    assert.ok(oldId.length >= 32)
    const thief = new Browser(app)
    assert.equal((await thief.open('/account', { cookie: `connect.sid=${before}` })).status, 303)
  })

  test('who signs in over another user in the same browser is that person alone, with a new session id', async () => {
    const browser = new Browser(app)
    await browser.signIn(ana)
    const cookie = browser.cookie()
    const { identityId } = (await (await browser.fetch('/identity')).json()) as { identityId: string }
    browser.jar.store(new URL(app.local.url), [`cognito-${new URL(app.local.url).port}=; Max-Age=0`])
    await browser.signIn(ben)
    assert.notEqual(browser.cookie(), cookie)
    const claims = (await (await browser.fetch('/account')).json()) as Record<string, unknown>
    assert.equal(claims['cognito:username'], 'ben')
    assert.notEqual(
      ((await (await browser.fetch('/identity')).json()) as { identityId: string }).identityId,
      identityId,
    )
  })

  test('no cookie holds a token', async () => {
    const browser = new Browser(app)
    await browser.signIn(ana)
    assert.doesNotMatch(decodeURIComponent(browser.jar.header(new URL(app.url))), /eyJ/)
  })

  test('what the login page refuses comes back as a failure: 401, with nothing of the description in the answer', async () => {
    const browser = new Browser(app)
    const state = new URL(location(await browser.open('/login'))).searchParams.get('state') ?? ''
    const answer = await browser.open(
      `/callback?error=access_denied&error_description=<script>x&state=${state}`,
    )
    assert.equal(answer.status, 401)
    assert.doesNotMatch(await answer.text(), /script/)
  })

  for (const error of ['server_error', 'temporarily_unavailable']) {
    test(`the error ${error} of Cognito is a 503 without a token request`, async () => {
      const browser = new Browser(app)
      const state = new URL(location(await browser.open('/login'))).searchParams.get('state') ?? ''
      const calls = tokenCalls(app)
      const answer = await browser.open(`/callback?error=${error}&state=${state}`)
      assert.equal(answer.status, 503)
      assert.ok(answer.headers.get('retry-after'))
      assert.equal(tokenCalls(app), calls)
    })
  }

  test('a code that Cognito refuses is a 400 after one token request', async () => {
    const browser = new Browser(app)
    const url = new URL(await browser.callbackOf(ana))
    url.searchParams.set('code', '00000000-0000-4000-8000-000000000000')
    const calls = tokenCalls(app)
    assert.equal((await browser.open(url.href)).status, 400)
    assert.equal((lastError(app) as CallbackError).reason, 'code_refused')
    assert.equal(tokenCalls(app), calls + 1)
  })

  const unusable = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    '/callback',
    '/login',
    'files',
  ]
  for (const returnTo of unusable) {
    test(`returnTo ${returnTo} leads to the default page`, async () => {
      const browser = new Browser(app)
      const answer = await browser.signIn(ana, `/login?returnTo=${encodeURIComponent(returnTo)}`)
      assert.equal(location(answer), '/')
    })
  }

  test('returnTo may be a URL of the app itself, with its query and fragment', async () => {
    const wanted = `${app.url}/files?page=2#end`
    const answer = await new Browser(app).signIn(ana, `/login?returnTo=${encodeURIComponent(wanted)}`)
    assert.equal(location(answer), '/files?page=2#end')
  })

  test('returnTo at the callback changes nothing', async () => {
    const browser = new Browser(app)
    const callback = await browser.callbackOf(ana, '/login?returnTo=/files')
    assert.equal(location(await browser.open(`${callback}&returnTo=/other`)), '/files')
  })
})
