import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import {
  type Claims,
  InvalidTokenError,
  SessionEndedError,
  type Tokens,
  UnavailableError,
  UserPool,
} from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, signIn } from './sign-in.ts'
import { accessClaims, createSigner } from './signer.ts'

let local: LocalCognito
let userPool: UserPool
let tokens: Tokens

before(async () => {
  local = await startLocalCognito({
    users: [ana],
    clients: [{ refreshTokenRotation: {} }, { clientId: 'other1' }],
  })
})
after(() => local.close())
beforeEach(async () => {
  userPool = new UserPool(local.userPool)
  tokens = (await signIn(userPool)).tokens
  local.requests.clear()
})
const tokenCalls = () => local.requests.count('token')
const expired = () => local.issueToken({ tokenUse: 'id', expiresInSeconds: -1 })

test('current tokens are verified and given as they are, as a copy that nobody can change', async () => {
  const current = await userPool.signIns.current(tokens)
  assert.deepEqual({ ...current.tokens }, { ...tokens })
  assert.ok(Object.isFrozen(current.tokens))
  assert.equal(await userPool.signIns.current({ ...tokens }), current, 'the same for every request')
  assert.equal(current.idClaims.token_use, 'id')
  assert.equal(current.accessClaims.sub, current.idClaims.sub)
  assert.equal(tokenCalls(), 0)
})

test('when either token has expired, both are refreshed once for everyone', async () => {
  const id = { ...tokens, idToken: await expired() }
  const first = await Promise.all(Array.from({ length: 100 }, () => userPool.signIns.current({ ...id })))
  assert.equal(tokenCalls(), 1)
  assert.equal(new Set(first.map((one) => one.tokens.accessToken)).size, 1)

  const second = (await signIn(userPool)).tokens
  const accessToken = await local.issueToken({ tokenUse: 'access', expiresInSeconds: -1 })
  local.requests.clear()
  await userPool.signIns.current({ ...second, accessToken })
  assert.equal(tokenCalls(), 1)
})

test('when what a refresh brought has expired as well, its own refresh token is used', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const first = await userPool.signIns.refresh(tokens)
  t.mock.timers.tick(3_601_000)
  // With the very first tokens: Cognito would end the sign-in if their refresh token came again.
  const second = await userPool.signIns.current(tokens)
  assert.notEqual(second.tokens.refreshToken, first.tokens.refreshToken)
  t.mock.timers.tick(3_601_000)
  const third = await userPool.signIns.refresh(tokens)
  assert.notEqual(third.tokens.refreshToken, second.tokens.refreshToken)
  assert.equal(userPool.signIns.latest(tokens), third.tokens)
  assert.equal(tokenCalls(), 3)
})

test('tokens that are wrong, not just old, are refused and not refreshed', async () => {
  for (const wrong of [
    { ...tokens, idToken: tokens.accessToken },
    { ...tokens, accessToken: 'no.jwt.here' },
    { ...tokens, idToken: await local.issueToken({ tokenUse: 'id', clientId: 'other1' }) },
    {
      ...tokens,
      accessToken: await local.issueToken({ tokenUse: 'access', claims: { sub: 'someone-else' } }),
    },
  ])
    await assert.rejects(userPool.signIns.current(wrong), InvalidTokenError)
  assert.equal(tokenCalls(), 0)
})

test('a sign-in that has ended has ended for its old and its new tokens, and for no other sign-in', async () => {
  const refreshed = (await userPool.signIns.refresh(tokens)).tokens
  const other = (await signIn(userPool)).tokens
  local.requests.clear()
  assert.equal(userPool.signIns.hasEnded(tokens), false)
  await userPool.signIns.end(tokens)
  for (const held of [tokens, refreshed]) {
    assert.equal(userPool.signIns.hasEnded(held), true)
    await assert.rejects(userPool.signIns.current(held), SessionEndedError)
    await assert.rejects(userPool.signIns.refresh(held), SessionEndedError)
  }
  assert.equal(tokenCalls(), 0)
  assert.equal((await userPool.signIns.current(other)).tokens.idToken, other.idToken)
})

test('without a refresh token the ID token stands for the sign-in', async () => {
  const { refreshToken: _, ...bare } = tokens
  await userPool.signIns.end(bare)
  assert.equal(userPool.signIns.hasEnded(bare), true)
  assert.equal(userPool.signIns.hasEnded({ ...bare, idToken: await expired() }), false)
})

test('tokens belong to the pool by issuer and client; what cannot be read belongs to nobody', async () => {
  const { signIns } = userPool
  assert.equal(signIns.owns(tokens), true)
  const claims: object[] = [
    { iss: 'https://evil.example' },
    { aud: 'evil' },
    { aud: [local.userPool.clientId] },
  ]
  for (const claim of claims) {
    const idToken = await local.issueToken({ tokenUse: 'id', claims: { ...claim } })
    assert.equal(signIns.owns({ ...tokens, idToken }), false)
  }
  for (const idToken of [
    '',
    '.',
    'a.b.c',
    `a.${Buffer.from('7').toString('base64url')}.c`,
    tokens.accessToken,
  ])
    assert.equal(signIns.owns({ ...tokens, idToken }), false)
})

test('tokens whose key has left the JWKS are refreshed', async () => {
  const idToken = await local.issueToken({ tokenUse: 'id', header: { kid: 'rotated-away' } })
  const current = await userPool.signIns.current({ ...tokens, idToken })
  assert.notEqual(current.tokens.idToken, idToken)
  assert.equal(tokenCalls(), 1)
})

test('tokens that are not valid yet show clocks that differ: 503, and nobody is signed out', async () => {
  const nbf = Math.floor(Date.now() / 1000) + 60
  const idToken = await local.issueToken({ tokenUse: 'id', claims: { nbf } })
  await assert.rejects(userPool.signIns.current({ ...tokens, idToken }), UnavailableError)
  assert.equal(userPool.signIns.hasEnded({ ...tokens, idToken }), false)
  assert.equal(tokenCalls(), 0)
})

test('tokens that were verified before do not outlive their key: they are refreshed, and never taken on trust', async (t) => {
  let jwks: unknown = local.jwks()
  const pool = new UserPool({
    ...local.userPool,
    fetch: async (url, init) => (/jwks/.test(String(url)) ? Response.json(jwks) : fetch(url, init)),
  })
  const current = await pool.signIns.current(tokens)
  assert.equal(await pool.signIns.current(tokens), current)
  const stranger = createSigner('new-key')
  jwks = { keys: [stranger.jwk] }
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 10_001 })
  const theirs = stranger.sign(accessClaims(pool))
  assert.equal((await pool.verify(theirs, { tokenUse: 'access' })).token_use, 'access')
  // What the refresh brings is signed with the old keys too, so it does not verify either.
  await assert.rejects(pool.signIns.current(tokens), UnavailableError)
  assert.equal(tokenCalls(), 1)
})

test('without a memory of tokens every request verifies them anew', async () => {
  const pool = new UserPool({ ...local.userPool, verifiedTokens: 0 })
  const [first, second] = [await pool.signIns.current(tokens), await pool.signIns.current(tokens)]
  assert.notEqual(first.idClaims, second.idClaims)
  assert.deepEqual(first.idClaims, second.idClaims)
})

test('isRevoked is asked of both tokens at every use, and its yes holds at once', async () => {
  const asked: string[] = []
  let revoked: 'id' | 'access' | undefined
  const isRevoked = async ({ token_use: use }: Claims) => {
    asked.push(use)
    return Promise.resolve(use === revoked)
  }
  const pool = new UserPool({ ...local.userPool, isRevoked })
  const current = await pool.signIns.current(tokens)
  assert.deepEqual(asked.splice(0).sort(), ['access', 'id'])
  assert.equal(await pool.signIns.current(tokens), current)
  assert.deepEqual(asked.splice(0).sort(), ['access', 'id'])
  for (revoked of ['id', 'access'] as const)
    await assert.rejects(pool.signIns.current(tokens), { name: 'InvalidTokenError', reason: 'revoked' })
  revoked = undefined
  assert.equal((await pool.signIns.current(tokens)).tokens.idToken, tokens.idToken)
  assert.equal(tokenCalls(), 0)
})

test('an access token of a sign-in that has ended is refused as revoked, verified before or not', async () => {
  const other = (await signIn(userPool)).tokens
  const verify = (token: string) => userPool.verify(token, { tokenUse: 'access' })
  await verify(tokens.accessToken)
  await userPool.signIns.end(tokens)
  for (let round = 0; round < 2; round += 1)
    await assert.rejects(verify(tokens.accessToken), { name: 'InvalidTokenError', reason: 'revoked' })
  await userPool.signIns.end(other)
  await assert.rejects(verify(other.accessToken), { name: 'InvalidTokenError', reason: 'revoked' })
})

test('made-up tokens that name the sign-in of somebody else end nothing of theirs', async () => {
  const victim = (await signIn(userPool)).tokens
  const [header = '', payload = ''] = victim.idToken.split('.')
  const madeUp = `${header}.${payload}.${victim.accessToken.split('.')[2]}`
  // Not even beside tokens that are known here and verified.
  await userPool.signIns.current(tokens)
  for (const refreshToken of ['made-up', tokens.refreshToken as string])
    await userPool.signIns.end({ idToken: madeUp, accessToken: madeUp, refreshToken })
  assert.equal((await userPool.verify(victim.accessToken, { tokenUse: 'access' })).token_use, 'access')
  assert.equal((await userPool.signIns.current(victim)).tokens.idToken, victim.idToken)
})

test('while the JWKS is unreachable a sign-in ends all the same, and nothing rejects', async (t) => {
  t.after(local.fail('jwks', { status: 500 }))
  const pool = new UserPool(local.userPool)
  await pool.signIns.end(tokens)
  await assert.rejects(pool.signIns.current(tokens), SessionEndedError)
})

test('tokens that are filled anew in place are another sign-in, and the old one stays what it was', async () => {
  const held = { ...tokens }
  await userPool.signIns.current(held)
  const other = (await signIn(userPool)).tokens
  await userPool.signIns.end(held)
  Object.assign(held, other)
  assert.equal(userPool.signIns.hasEnded(held), false)
  assert.equal((await userPool.signIns.current(held)).tokens.idToken, other.idToken)
  assert.equal(userPool.signIns.hasEnded(tokens), true)
})

test('a sign-in that is being refreshed is refreshed once, however many others push it out meanwhile', async () => {
  let proceed: () => void = () => undefined
  let asked: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (proceed = resolve))
  const underWay = new Promise<void>((resolve) => (asked = resolve))
  const pool = new UserPool({
    ...local.userPool,
    fetch: async (url, init) => {
      asked()
      await gate
      return fetch(url, init)
    },
  })
  const first = pool.refresh(tokens)
  await underWay
  const strangers = Array.from({ length: 10_001 }, (_, index) => `stranger-${index}`)
  await Promise.all(
    strangers.map((refreshToken) => pool.signIns.end({ idToken: '', accessToken: '', refreshToken })),
  )
  const second = pool.refresh({ ...tokens })
  proceed()
  assert.equal((await first).tokens.accessToken, (await second).tokens.accessToken)
  assert.equal(tokenCalls(), 1)
})

test('two processes that refreshed in the same second do not write the session in turns', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const plain = local.clients[1] as typeof local.userPool
  const [here, there] = [new UserPool(plain), new UserPool(plain)]
  const old = (await signIn(here)).tokens
  t.mock.timers.tick(3_601_000)
  const mine = (await here.signIns.refresh(old)).tokens
  const theirs = (await there.signIns.refresh(old)).tokens
  assert.notEqual(mine.idToken, theirs.idToken)
  // Whichever the session holds is taken as it is, and what both have replaced is not.
  assert.equal(here.signIns.latest(theirs), theirs)
  assert.equal(there.signIns.latest(mine), mine)
  assert.equal(here.signIns.latest(old), mine)
  assert.equal(there.signIns.latest(old), theirs)
  t.mock.timers.tick(1_000)
  const later = (await there.signIns.current({ ...theirs, idToken: await expired() })).tokens
  assert.equal(here.signIns.latest(later), later, 'newer tokens are not replaced by older')
})
