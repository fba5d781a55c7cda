import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { inspect } from 'node:util'
import { type CallbackErrorReason, ConfigurationError, UnavailableError, UserPool } from '../../src/index.ts'
import { type LocalCognito, type LocalFault, startLocalCognito } from '../../src/local/index.ts'
import { startUpstream, type UpstreamAnswer } from '../support/upstream.ts'
import { ana, callbackError, callbackURL, codeFor } from './sign-in.ts'

const clientSecret = 'k3pt5ecretk3pt5ecretk3pt5ecretk3pt5ecretk3pt5ecret12'
let local: LocalCognito
let userPool: UserPool
let confidential: UserPool

before(async () => {
  local = await startLocalCognito({
    users: [ana, { username: 'ben', password: 'Passw0rd!' }],
    clients: [{}, { clientId: 'confidential1', clientSecret }],
  })
})
after(() => local.close())
beforeEach(() => {
  userPool = new UserPool(local.userPool)
  confidential = new UserPool(local.clients[1] as typeof local.userPool)
  local.requests.clear()
})
const tokenCalls = () => local.requests.count('token')

for (const kind of ['public', 'confidential'] as const) {
  test(`a ${kind} client redeems a code for a verified user`, async () => {
    const pool = kind === 'public' ? userPool : confidential
    const { tokens, ...user } = await pool.exchangeCode(await codeFor(pool))
    assert.equal(tokenCalls(), 1)
    const { sub } = await pool.verify(tokens.accessToken, { tokenUse: 'access' })
    const known = { username: 'ana', email: 'ana@example.com', emailVerified: true, groups: ['admin'] }
    assert.deepEqual(user, { sub, ...known })
    assert.deepEqual(Object.keys(tokens).sort(), ['accessToken', 'idToken', 'refreshToken'])
  })
}

test('the tokens of a user show nothing when inspected, and are whole as JSON', async () => {
  const user = await userPool.exchangeCode(await codeFor(userPool))
  assert.doesNotMatch(inspect(user, { depth: 10, showHidden: true }), /eyJ/)
  assert.match(inspect(user), /idToken: '\[redacted\]'/)
  assert.equal((JSON.parse(JSON.stringify(user)) as typeof user).tokens.idToken, user.tokens.idToken)
})

test('AC-18 a code that is redeemed twice is refused with 400 after exactly one call', async () => {
  const exchange = await codeFor(userPool)
  await userPool.exchangeCode(exchange)
  local.requests.clear()
  await callbackError(userPool.exchangeCode(exchange), 'code_refused', 400)
  assert.equal(tokenCalls(), 1)
})

test('AC-18 an expired code is refused with 400', async () => {
  const exchange = await codeFor(userPool)
  local.clock.advance(301)
  await callbackError(userPool.exchangeCode(exchange), 'code_refused', 400)
  local.clock.advance(-301)
})

const altered: [string, object, CallbackErrorReason, number][] = [
  ['AC-27 another PKCE verifier', { codeVerifier: 'x'.repeat(43) }, 'code_refused', 400],
  ['AC-11 another nonce', { nonce: 'another' }, 'nonce_mismatch', 502],
  ['another redirect URI', { callbackURL: 'http://127.0.0.1:3000/callback' }, 'client_refused', 502],
  ['another code', { code: '6d0a3c1e-5b0f-4a57-9c3b-2f6f1f0e7a11' }, 'code_refused', 400],
]
for (const [what, change, reason, status] of altered) {
  test(`${what} is ${reason}, after one call`, async () => {
    const error = await callbackError(
      userPool.exchangeCode({ ...(await codeFor(userPool)), ...change }),
      reason,
      status,
    )
    assert.equal(tokenCalls(), 1)
    assert.ok(error.hint.length > 20)
  })
}

for (const [what, secret] of [
  ['a wrong', 'wrongSecretwrongSecret'],
  ['no', undefined],
] as const) {
  test(`${what} client secret is client_refused, and the secret is nowhere in the error`, async () => {
    const exchange = await codeFor(confidential)
    const pool = new UserPool({ ...local.clients[1], clientSecret: secret } as typeof local.userPool)
    const error = await callbackError(pool.exchangeCode(exchange), 'client_refused', 502)
    assert.equal(tokenCalls(), 1)
    const shown = inspect(error, { depth: 20, showHidden: true })
    for (const hidden of [secret ?? clientSecret, exchange.code, exchange.codeVerifier])
      assert.ok(!shown.includes(hidden), shown)
  })
}

test('a public client that is given a secret is client_refused', async () => {
  const exchange = await codeFor(userPool)
  const pool = new UserPool({ ...local.userPool, clientSecret })
  await callbackError(pool.exchangeCode(exchange), 'client_refused', 502)
})

async function unavailable(attempt: Promise<unknown>): Promise<void> {
  const error = await attempt.then(
    () => assert.fail('taken'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof UnavailableError, String(error))
  assert.deepEqual([error.status, error.headers], [503, { 'Retry-After': '5' }])
}

const faults: [string, LocalFault][] = [
  ['500', { status: 500 }],
  ['500 with an OAuth error', { status: 500, body: '{"error":"server_error"}' }],
  ['400 temporarily_unavailable', { status: 400, body: '{"error":"temporarily_unavailable"}' }],
  ['503 with HTML', { status: 503, body: '<h1>Down</h1>' }],
  ['302', { status: 302 }],
  ['throttling', 'throttle'],
  ['429 with JSON', { status: 429, body: '{"error":"slow_down"}' }],
  ['a dropped connection', 'reset'],
  ['an endpoint that hangs', 'hang'],
  ['200 with HTML', 'garbage'],
]
for (const [what, fault] of faults) {
  test(`AC-19 ${what} at the token endpoint is 503 within the time limit, and the code is not tried again`, async (t) => {
    const pool = new UserPool({ ...local.userPool, timeoutMs: 1_000 })
    const exchange = await codeFor(pool)
    t.after(local.fail('token', fault))
    const start = performance.now()
    await unavailable(pool.exchangeCode(exchange))
    assert.ok(performance.now() - start < 2_000)
    assert.equal(tokenCalls(), 1)
  })
}

const upstreamAnswers: [string, UpstreamAnswer][] = [
  ['JSON that stops in the middle', 'truncated'],
  ['100 MB', 'huge'],
  ['one byte per second', 'drip'],
]
for (const [what, answer] of upstreamAnswers) {
  test(`AC-19 ${what} from the token endpoint is 503 within the time limit`, async (t) => {
    const upstream = await startUpstream(answer)
    t.after(() => upstream.close())
    const pool = new UserPool({ ...local.userPool, domain: upstream.url, timeoutMs: 1_000 })
    const start = performance.now()
    await unavailable(pool.exchangeCode({ callbackURL, code: 'c', codeVerifier: 'v'.repeat(43), nonce: 'n' }))
    assert.ok(performance.now() - start < 2_500)
    assert.deepEqual(upstream.requests, [{ method: 'POST', path: '/oauth2/token' }])
    assert.ok(upstream.bytesSent() < 20 * 1024 * 1024)
  })
}

test('a refused client that is told by a challenge (RFC 6749 §5.2) is client_refused', async (t) => {
  const headers = { 'www-authenticate': 'Basic realm="token"' }
  const upstream = await startUpstream({ status: 401, headers, body: '{"error":"invalid_client"}' })
  t.after(() => upstream.close())
  const pool = new UserPool({ ...local.userPool, clientSecret, domain: upstream.url })
  const exchange = { callbackURL, code: 'c', codeVerifier: 'v'.repeat(43), nonce: 'n' }
  await callbackError(pool.exchangeCode(exchange), 'client_refused', 502)
})

for (const status of [302, 307, 308]) {
  test(`AC-19 a ${status} of the token endpoint takes the code and the secret nowhere else`, async (t) => {
    const elsewhere = await startUpstream({ body: '{}' })
    t.after(() => elsewhere.close())
    const upstream = await startUpstream({ status, headers: { location: elsewhere.url } })
    t.after(() => upstream.close())
    const pool = new UserPool({ ...local.userPool, clientSecret, domain: upstream.url })
    await unavailable(pool.exchangeCode({ callbackURL, code: 'c', codeVerifier: 'v'.repeat(43), nonce: 'n' }))
    assert.equal(upstream.requests.length, 1)
    assert.deepEqual(elsewhere.requests, [])
  })
}

/** Redeems against a token endpoint that answers 200 with these members over a good answer. */
async function redeem(t: { after(heal: () => void): void }, members: object, claims: object = {}) {
  const [id, access] = await Promise.all([
    local.issueToken({ tokenUse: 'id', claims: { nonce: 'n', ...claims } }),
    local.issueToken({ tokenUse: 'access' }),
  ])
  const answer = { id_token: id, access_token: access, token_type: 'Bearer', expires_in: 3600, ...members }
  // 1e309 is JSON, and infinite; JSON.stringify would write null.
  const body = JSON.stringify(answer).replace('"1e309"', '1e309')
  t.after(local.fail('token', { status: 200, body }))
  return userPool.exchangeCode({ callbackURL, code: 'c', codeVerifier: 'v'.repeat(43), nonce: 'n' })
}

for (const expires of [undefined, -1, 0, 'abc', '1e309', null, {}]) {
  test(`AC-20 expires_in ${JSON.stringify(expires) ?? 'absent'} changes nothing: the tokens’ own exp counts`, async (t) => {
    assert.equal((await redeem(t, { expires_in: expires })).username, 'ana')
  })
}

for (const type of ['Bearer', 'bearer', 'BEARER']) {
  test(`AC-20 the token type ${type} is taken`, async (t) => {
    assert.equal((await redeem(t, { token_type: type })).username, 'ana')
  })
}

for (const members of [
  { token_type: 'DPoP' },
  { token_type: undefined },
  { token_type: 7 },
  { id_token: undefined },
  { id_token: '' },
  { id_token: 7 },
  { id_token: 'no.jwt.here' },
  { access_token: undefined },
  { access_token: 'opaque' },
]) {
  test(`AC-20 a token response with ${JSON.stringify(members, (_, value: unknown) => value ?? 'absent')} is 502`, async (t) => {
    await callbackError(redeem(t, members), 'token_response_invalid', 502)
    assert.equal(tokenCalls(), 1)
  })
}

const now = Math.floor(Date.now() / 1000)
const idTokenFaults: [string, object, CallbackErrorReason?][] = [
  ['of another issuer', { iss: 'https://evil.example' }],
  ['for another client', { aud: 'evil' }],
  ['for two clients', { aud: ['evil'] }],
  ['of another user than the access token', { sub: 'someone-else' }],
  ['without sub', { sub: undefined }],
  ['without exp', { exp: undefined }],
  ['that has expired', { exp: now - 1 }],
  ['that is not valid yet', { nbf: now + 600 }],
  ['that is an access token', { token_use: 'access' }],
  ['without a nonce', { nonce: undefined }, 'nonce_mismatch'],
  ['with a list as nonce', { nonce: ['n'] }, 'nonce_mismatch'],
]
for (const [what, claims, reason = 'token_response_invalid'] of idTokenFaults) {
  test(`AC-11 an ID token ${what} is 502`, async (t) => {
    await callbackError(redeem(t, {}, claims), reason, 502)
  })
}

test('keys that cannot be fetched at sign-in are 503, and not the user’s fault', async (t) => {
  const exchange = await codeFor(userPool)
  t.after(local.fail('jwks', { status: 500 }))
  await unavailable(userPool.exchangeCode(exchange))
})

test('a pool without a domain is the developer’s mistake, not an outage', async () => {
  const { domain: _, ...rest } = local.userPool
  const attempt = new UserPool(rest).exchangeCode({ callbackURL, code: 'c', codeVerifier: 'v', nonce: 'n' })
  await assert.rejects(attempt, ConfigurationError)
})

test('an exchange without the nonce of its request is the developer’s mistake, and nothing is sent', async () => {
  for (const nonce of [undefined, ''] as string[]) {
    const exchange = { callbackURL, code: 'c', codeVerifier: 'v'.repeat(43), nonce }
    await assert.rejects(userPool.exchangeCode(exchange), ConfigurationError)
  }
  assert.equal(tokenCalls(), 0)
})
