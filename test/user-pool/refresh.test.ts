import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { inspect } from 'node:util'
import {
  ConfigurationError,
  SessionEndedError,
  type Tokens,
  UnavailableError,
  UserPool,
} from '../../src/index.ts'
import { type LocalCognito, type LocalFault, startLocalCognito } from '../../src/local/index.ts'
import { ana, signIn } from './sign-in.ts'

const clientSecret = 'k3pt5ecretk3pt5ecretk3pt5ecretk3pt5ecretk3pt5ecret12'
let local: LocalCognito
let userPool: UserPool
let tokens: Tokens

before(async () => {
  local = await startLocalCognito({
    users: [ana],
    clients: [
      {},
      { clientId: 'confidential1', clientSecret },
      { clientId: 'rotating1', refreshTokenRotation: {} },
    ],
  })
})
after(() => local.close())
beforeEach(async () => {
  userPool = new UserPool({ ...local.userPool, timeoutMs: 1_000 })
  tokens = (await signIn(userPool)).tokens
  local.requests.clear()
})
const tokenCalls = () => local.requests.count('token')
const poolOf = (index: number) => new UserPool(local.clients[index] as typeof local.userPool)

for (const [index, kind] of ['public', 'confidential'].entries()) {
  test(`a ${kind} client refreshes: new tokens, verified, and the refresh token is kept`, async () => {
    const pool = poolOf(index)
    const before = await signIn(pool)
    const after = await pool.refresh(before.tokens)
    assert.notEqual(after.tokens.accessToken, before.tokens.accessToken)
    assert.notEqual(after.tokens.idToken, before.tokens.idToken)
    assert.equal(after.tokens.refreshToken, before.tokens.refreshToken)
    assert.deepEqual({ ...after, tokens: 0 }, { ...before, tokens: 0 })
    assert.doesNotMatch(inspect(after, { depth: 10 }), /eyJ/)
  })
}

test('RF-02 100 calls at once share one token request and its result', async () => {
  const users = await Promise.all(Array.from({ length: 100 }, () => userPool.refresh(tokens)))
  assert.equal(tokenCalls(), 1)
  assert.equal(new Set(users.map((user) => user.tokens.accessToken)).size, 1)
})

test('who still holds the old tokens gets what the refresh brought, without another request', async () => {
  const first = await userPool.refresh({ ...tokens })
  const second = await userPool.refresh({ ...tokens })
  assert.equal(second.tokens.accessToken, first.tokens.accessToken)
  assert.equal(tokenCalls(), 1)
  assert.notEqual((await userPool.refresh(first.tokens)).tokens.accessToken, first.tokens.accessToken)
  assert.equal(tokenCalls(), 2)
})

test('with rotation the new refresh token replaces the old one, which late callers still may hold', async () => {
  const pool = poolOf(2)
  const first = (await signIn(pool)).tokens
  local.requests.clear()
  const all = await Promise.all(Array.from({ length: 100 }, () => pool.refresh(first)))
  assert.equal(tokenCalls(), 1)
  const second = all[0]?.tokens as Tokens
  assert.notEqual(second.refreshToken, first.refreshToken)
  assert.equal((await pool.refresh(first)).tokens.refreshToken, second.refreshToken)
  const third = (await pool.refresh(second)).tokens
  assert.notEqual(third.refreshToken, second.refreshToken)
  assert.equal((await pool.refresh(first)).tokens.refreshToken, third.refreshToken)
  assert.equal(
    tokenCalls(),
    2,
    'Cognito would refuse, and end, a sign-in whose old refresh token comes again',
  )
})

async function ended(attempt: Promise<unknown>): Promise<SessionEndedError> {
  const error = await attempt.then(
    () => assert.fail('refreshed'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof SessionEndedError, String(error))
  assert.equal(error.status, 401)
  return error
}

test('a refused refresh token ends the sign-in, for everyone who waits for it', async () => {
  await userPool.revoke(tokens)
  local.requests.clear()
  const errors = await Promise.all(Array.from({ length: 20 }, () => ended(userPool.refresh(tokens))))
  assert.equal(tokenCalls(), 1)
  const shown = inspect(errors[0], { depth: 20, showHidden: true })
  for (const hidden of Object.values(tokens) as string[]) assert.ok(!shown.includes(hidden))
})

test('an unknown, an expired and an absent refresh token end the sign-in', async () => {
  await ended(userPool.refresh({ ...tokens, refreshToken: 'unknown' }))
  local.requests.clear()
  const { refreshToken: _, ...without } = tokens
  await ended(userPool.refresh(without))
  assert.equal(tokenCalls(), 0)
  local.clock.advance(30 * 86_400)
  await ended(userPool.refresh(tokens))
  local.clock.advance(-30 * 86_400)
})

test('after sign-out no refresh is tried', async () => {
  void userPool.signIns.end(tokens)
  await ended(userPool.refresh(tokens))
  assert.equal(tokenCalls(), 0)
})

const faults: [string, LocalFault][] = [
  ['500', { status: 500 }],
  ['503 with HTML', { status: 503, body: '<h1>Down</h1>' }],
  ['throttling', 'throttle'],
  ['a dropped connection', 'reset'],
  ['an endpoint that hangs', 'hang'],
  ['200 with HTML', 'garbage'],
  ['200 without tokens', { status: 200, body: '{}' }],
  [
    '200 with tokens that are none',
    { status: 200, body: '{"access_token":"a","id_token":"b","token_type":"Bearer"}' },
  ],
]
for (const [what, fault] of faults) {
  test(`RF-14 ${what} at the token endpoint is 503 for all, after one request, and the tokens still refresh later`, async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
    const heal = local.fail('token', fault)
    t.after(heal)
    const failures = new Set<unknown>()
    for (let round = 0; round < 3; round += 1) {
      const attempts = Array.from({ length: 100 }, () => userPool.refresh(tokens))
      for (const outcome of await Promise.allSettled(attempts)) {
        assert.ok(outcome.status === 'rejected' && outcome.reason instanceof UnavailableError)
        assert.deepEqual(outcome.reason.headers, { 'Retry-After': '5' })
        failures.add(outcome.reason)
      }
    }
    assert.equal(failures.size, 1, 'all share the failure of the first')
    t.mock.timers.tick(999)
    await assert.rejects(userPool.refresh(tokens), UnavailableError)
    assert.equal(tokenCalls(), 1, 'within the back-off nobody asks again')
    heal()
    t.mock.timers.tick(1)
    assert.equal((await userPool.refresh(tokens)).username, 'ana')
    assert.equal(tokenCalls(), 2)
  })
}

test('a wrong client secret is the operator’s mistake and ends nobody’s sign-in', async (t) => {
  const confidential = poolOf(1)
  const signedIn = await signIn(confidential)
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const wrong = { ...local.clients[1], clientSecret: 'wrongSecretwrongSecret' }
  await assert.rejects(
    new UserPool(wrong as typeof local.userPool).refresh(signedIn.tokens),
    ConfigurationError,
  )
  assert.equal((await confidential.refresh(signedIn.tokens)).username, 'ana')
})

test('the tokens of another user in the answer are refused', async (t) => {
  const claims = { sub: 'someone-else' }
  const id = await local.issueToken({ tokenUse: 'id', claims })
  const access = await local.issueToken({ tokenUse: 'access', claims })
  const body = JSON.stringify({ id_token: id, access_token: access, token_type: 'Bearer' })
  t.after(local.fail('token', { status: 200, body }))
  await ended(userPool.refresh(tokens))
})

test('RF-15 where the app client rotates refresh tokens, those of a direct sign-in go to GetTokensFromRefreshToken and those of the managed login to /oauth2/token, once each', async () => {
  const pool = poolOf(2)
  const step = await pool.signIn({ username: ana.username, password: ana.password })
  assert.ok(step.status === 'signed-in')
  const managed = (await signIn(pool)).tokens
  local.requests.clear()
  const calls = () =>
    ['InitiateAuth', 'GetTokensFromRefreshToken', 'token'].map((name) => local.requests.count(name))
  const direct = (await pool.refresh(step.tokens)).tokens
  assert.notEqual(direct.refreshToken, step.tokens.refreshToken)
  assert.deepEqual(calls(), [0, 1, 0])
  assert.notEqual((await pool.refresh(managed)).tokens.refreshToken, managed.refreshToken)
  assert.deepEqual(calls(), [0, 1, 1])
  // A refusal is the end, not a reason to try the other way.
  await ended(new UserPool(local.clients[2] as typeof local.userPool).refresh(step.tokens))
  assert.deepEqual(calls(), [0, 2, 1])
})

test('RF-15 what is never called, REFRESH_TOKEN_AUTH, is what such an app client refuses', async () => {
  const pool = poolOf(2)
  const { refreshToken } = (await signIn(pool)).tokens
  const answer = await fetch(local.url, {
    method: 'POST',
    headers: {
      'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      'content-type': 'application/x-amz-json-1.1',
    },
    body: JSON.stringify({
      ClientId: pool.clientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: refreshToken },
    }),
  })
  assert.equal(answer.status, 400)
})

test('revoking ends the refresh token at Cognito; without one nothing is asked', async () => {
  const { refreshToken: _, ...without } = tokens
  await userPool.revoke(without)
  assert.equal(local.requests.count('revoke'), 0)
  await userPool.revoke(tokens)
  await userPool.revoke(tokens)
  assert.equal(local.requests.count('revoke'), 2)
  await ended(userPool.refresh(tokens))
})

test('a confidential client revokes with its secret', async () => {
  const confidential = poolOf(1)
  const signedIn = (await signIn(confidential)).tokens
  await confidential.revoke(signedIn)
  await ended(confidential.refresh(signedIn))
})

for (const fault of [{ status: 500 }, { status: 400 }, 'throttle', 'reset', 'hang'] satisfies LocalFault[]) {
  test(`a revocation that meets ${inspect(fault)} is 503, after one request`, async (t) => {
    t.after(local.fail('revoke', fault))
    await assert.rejects(userPool.revoke(tokens), UnavailableError)
    assert.equal(local.requests.count('revoke'), 1)
  })
}

test('a sign-in that ends while its refresh is under way gets nothing of it', async () => {
  const pool = poolOf(2)
  const signedIn = (await signIn(pool)).tokens
  local.requests.clear()
  const refreshing = ended(pool.refresh(signedIn))
  void pool.signIns.end(signedIn)
  await refreshing
  assert.equal(local.requests.count('revoke'), 1, 'the refresh token that rotation brought lives on')
})

test('tokens that the app lost on the way are its mistake, and named', async () => {
  const mistake = (call: string) => ({
    name: 'ConfigurationError',
    message: new RegExp(`^${call} takes the tokens`),
  })
  for (const lost of [undefined, null, 'tokens', {}, { ...tokens, refreshToken: 7 }, { idToken: 'only' }])
    await assert.rejects(userPool.refresh(lost as never), mistake('refresh'))
  for (const lost of [undefined, null, 'tokens', { ...tokens, refreshToken: 7 }]) {
    await assert.rejects(userPool.revoke(lost as never), mistake('revoke'))
    await assert.rejects(userPool.user(lost as never), mistake('user'))
  }
  // What is in them is not the app's word: it may come from a client.
  await assert.rejects(userPool.user({} as never), { name: 'InvalidTokenError' })
  assert.equal(tokenCalls(), 0)
})

test('a fault right after a rotated refresh signs nobody out: what it brought is verified later, and not refreshed again', async (t) => {
  const pool = new UserPool({ ...(local.clients[2] as typeof local.userPool) })
  const signedIn = (await signIn(pool)).tokens
  local.requests.clear()
  // The keys are unreachable from here on, in a pool that has never seen them.
  const cold = new UserPool(local.clients[2] as typeof local.userPool)
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const heal = local.fail('jwks', { status: 500 })
  await assert.rejects(cold.refresh(signedIn), UnavailableError)
  assert.equal(tokenCalls(), 1)
  heal()
  t.mock.timers.tick(1_001)
  const user = await cold.refresh(signedIn)
  assert.notEqual(user.tokens.refreshToken, signedIn.refreshToken)
  assert.equal(tokenCalls(), 1)
  assert.equal((await cold.signIns.current(signedIn)).idClaims.sub, user.sub)
})

test('what the app does to refreshed tokens reaches nobody else of the sign-in', async () => {
  const first = await userPool.refresh(tokens)
  const accessToken = first.tokens.accessToken
  first.tokens.accessToken = 'spoilt'
  assert.equal((await userPool.refresh(tokens)).tokens.accessToken, accessToken)
  assert.equal((await userPool.signIns.current(tokens)).tokens.accessToken, accessToken)
})
