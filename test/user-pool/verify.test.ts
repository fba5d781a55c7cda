import assert from 'node:assert/strict'
import { createHmac, createPublicKey, randomInt } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { startUpstream } from '../support/upstream.ts'
import { refused } from './refusal.ts'
import { accessClaims, createSigner, segment, signingInput } from './signer.ts'

const users = [{ username: 'ana', password: 'Passw0rd!', groups: ['admin'] }]
let local: LocalCognito
let userPool: UserPool

before(async () => {
  local = await startLocalCognito({ users, clients: [{}, { clientId: 'other1' }] })
})
after(() => local.close())
beforeEach(() => {
  userPool = new UserPool(local.userPool)
  local.requests.clear()
})

const access = { tokenUse: 'access' } as const
const jwksFetches = () => local.requests.count('jwks')
const payloadOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

test('BV-02 1,001 verifications of one valid token fetch the keys once and give the signed claims, deeply frozen', async () => {
  const token = await local.issueToken({ tokenUse: 'access', claims: { nested: { list: [{ deep: 1 }] } } })
  const all = await Promise.all(Array.from({ length: 1_001 }, () => userPool.verify(token, access)))
  assert.equal(jwksFetches(), 1)
  for (const claims of all) assert.deepEqual(claims, payloadOf(token))
  const [claims] = all as unknown as { nested: { list: [{ deep: number }] }; 'cognito:groups': string[] }[]
  assert.ok(claims)
  assert.throws(() => Object.assign(claims, { sub: 'another' }), TypeError)
  assert.throws(() => claims['cognito:groups'].push('more'), TypeError)
  assert.throws(() => (claims.nested.list[0].deep = 2), TypeError)
})

test('BV-03 a token that expired a second ago is refused, and taken within the grace period', async () => {
  const token = await local.issueToken({ tokenUse: 'access', expiresInSeconds: -1 })
  const error = await refused(userPool.verify(token, access), 'expired', token)
  assert.equal(error.message, 'The token has expired.')
  const lenient = new UserPool({ ...local.userPool, graceSeconds: 5 })
  assert.equal((await lenient.verify(token, access)).token_use, 'access')
})

test('BV-03 a token that is not valid yet is refused', async () => {
  const nbf = Math.floor(Date.now() / 1000) + 60
  const token = await local.issueToken({ tokenUse: 'access', claims: { nbf } })
  await refused(userPool.verify(token, access), 'not_yet_valid', token)
})

for (const [index, name] of ['header', 'payload', 'signature'].entries()) {
  test(`BV-04 one flipped bit anywhere in the ${name} is refused`, async () => {
    const token = await local.issueToken({ tokenUse: 'access' })
    const segments = token.split('.')
    const bytes = Buffer.from(segments[index] ?? '', 'base64url')
    for (let run = 0; run < 200; run += 1) {
      const altered = Buffer.from(bytes)
      const at = randomInt(bytes.length * 8)
      altered[at >> 3] = (altered[at >> 3] ?? 0) ^ (1 << (at & 7))
      const forged = segments.with(index, altered.toString('base64url')).join('.')
      const error = await userPool.verify(forged, access).then(
        () => assert.fail(`bit ${at} of the ${name} can be flipped`),
        (refusal: unknown) => refusal as { status?: number },
      )
      assert.equal(error.status, 401, `bit ${at}`)
    }
  })
}

for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
  for (const signature of ['', 'c2lnbmVk']) {
    test(`BV-05 alg ${alg} with ${signature ? 'a' : 'no'} signature is refused without fetching keys`, async () => {
      const kid = String(local.jwks().keys[0]?.['kid'])
      const token = `${signingInput({ kid, alg }, accessClaims(userPool))}.${signature}`
      await refused(userPool.verify(token, access), signature ? 'algorithm' : 'malformed', token)
      assert.equal(jwksFetches(), 0)
    })
  }
}

for (const alg of ['RS384', 'RS512', 'ES256', 'PS256', 'EdDSA', undefined, 7, '']) {
  test(`BV-05 alg ${String(alg) || '""'} is refused without fetching keys`, async () => {
    const token = await local.issueToken({ tokenUse: 'access', header: { alg } })
    await refused(userPool.verify(token, access), 'algorithm', token)
    assert.equal(jwksFetches(), 0)
  })
}

test('BV-06 HS256 with the public key as the secret is refused, in every spelling of the key', async () => {
  for (const jwk of local.jwks().keys) {
    const key = createPublicKey({ key: jwk as never, format: 'jwk' })
    const secrets = [
      key.export({ format: 'pem', type: 'spki' }),
      key.export({ format: 'der', type: 'spki' }),
      JSON.stringify(jwk),
      Buffer.from(String(jwk['n']), 'base64url'),
    ]
    for (const secret of secrets) {
      const input = signingInput({ kid: jwk['kid'], alg: 'HS256' }, accessClaims(userPool))
      const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
      await refused(userPool.verify(token, access), 'algorithm', token)
      const disguised = signingInput({ kid: jwk['kid'], alg: 'RS256' }, accessClaims(userPool))
      const mac = createHmac('sha256', secret).update(disguised).digest('base64url')
      await refused(userPool.verify(`${disguised}.${mac}`, access), 'signature')
    }
  }
})

test('BV-07 keys and key addresses in the header are neither used nor fetched', async (t) => {
  const attacker = createSigner(String(local.jwks().keys[1]?.['kid']))
  const upstream = await startUpstream({ body: JSON.stringify({ keys: [attacker.jwk] }) })
  t.after(() => upstream.close())
  const url = `${upstream.url}/keys`
  const x5c = [attacker.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')]
  for (const header of [
    { jwk: attacker.jwk },
    { jku: url },
    { x5u: url },
    { x5c },
    { jku: url, kid: 'theirs' },
  ]) {
    const token = attacker.sign(accessClaims(userPool), header)
    const reason = 'kid' in header ? 'unknown_key' : 'signature'
    await refused(userPool.verify(token, access), reason, token)
  }
  assert.deepEqual(upstream.requests, [])
})

const [bad, good] = [createSigner('bad'), createSigner('good')]
const unusable: [string, (good: Record<string, unknown>) => Record<string, unknown>][] = [
  ['is for encryption', (jwk) => ({ ...jwk, use: 'enc' })],
  ['is for another algorithm', (jwk) => ({ ...jwk, alg: 'RS512' })],
  [
    'is no RSA key',
    ({ kid }) => ({ kid, kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', use: 'sig', alg: 'RS256' }),
  ],
  ['has no exponent', (jwk) => ({ ...jwk, e: '' })],
]
for (const [what, change] of unusable) {
  test(`a token whose key ${what} is refused, whatever its signature, and other keys of the pool still count`, async () => {
    const keys = [change(bad.jwk), good.jwk]
    const pool = new UserPool({ ...local.userPool, fetch: async () => Response.json({ keys }) })
    // As good as absent: it is asked for again, and a session is refreshed instead of ended.
    await refused(pool.verify(bad.sign(accessClaims(pool)), access), 'unknown_key')
    assert.equal((await pool.verify(good.sign(accessClaims(pool)), access)).token_use, 'access')
  })
}

test('BV-08 the other kind of token is refused both ways, and the message says which to send', async () => {
  const id = await local.issueToken({ tokenUse: 'id' })
  const token = await local.issueToken(access)
  const first = await refused(userPool.verify(id, access), 'token_use', id)
  assert.match(first.message, /takes an access token, and the ID token came/)
  const second = await refused(userPool.verify(token, { tokenUse: 'id' }), 'token_use', token)
  assert.match(second.message, /takes an ID token, and the access token came/)
  assert.equal((await userPool.verify(id, { tokenUse: null })).token_use, 'id')
  assert.equal((await userPool.verify(token, { tokenUse: null })).token_use, 'access')
})

test('BV-09 a token of another app client of the pool is refused unless that client is named', async () => {
  for (const tokenUse of ['access', 'id'] as const) {
    const token = await local.issueToken({ tokenUse, clientId: 'other1' })
    await refused(userPool.verify(token, { tokenUse }), 'client', token)
    await refused(userPool.verify(token, { tokenUse, clientId: undefined }), 'client', token)
    await refused(userPool.verify(token, { tokenUse: null }), 'client', token)
    await refused(userPool.verify(token, { tokenUse, clientId: ['third'] }), 'client', token)
    for (const clientId of ['other1', ['third', 'other1'], null])
      assert.equal((await userPool.verify(token, { tokenUse, clientId })).token_use, tokenUse)
  }
})

test('BV-31 a second spelling of the last character, or padding, is refused', async () => {
  const token = await local.issueToken(access)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.at(-1) ?? '')
  const respelled = token.slice(0, -1) + alphabet.charAt(last + 1)
  // The decoded bytes are the same, so a verifier that only looks at them would take it.
  assert.equal(segment(Buffer.from(respelled.split('.')[2] ?? '', 'base64url')), token.split('.')[2])
  for (const other of [respelled, `${token}=`, `${token}==`, token.replace('.', '=.')])
    await refused(userPool.verify(other, access), 'malformed', other)
})
