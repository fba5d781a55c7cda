import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import type { Jwks } from 'aws-jwt-verify/jwk'
import fc from 'fast-check'
import { UserPool } from '../../src/index.ts'
import { accessClaims, createSigner } from './signer.ts'

const signer = createSigner('key1')
const pool = { userPoolId: 'eu-west-1_AbCdEf123', clientId: '4ifa83b1k2example9c0d1e2f3' }
const userPool = new UserPool({ ...pool, fetch: async () => Response.json({ keys: [signer.jwk] }) })
const peer = CognitoJwtVerifier.create({ ...pool, tokenUse: 'access' })
peer.cacheJwks({ keys: [signer.jwk] } as unknown as Jwks)

const now = Math.floor(Date.now() / 1000)
const value = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', 'access', 'id', [], ['a'], [1], {}, '1e3', -1, 0, 1.5, 'a b'),
  fc.constantFrom<unknown>(now - 3600, now + 3600, `${now + 3600}`, [now + 3600], pool.clientId, [
    pool.clientId,
  ]),
  fc.constantFrom<unknown>(userPool.issuer, userPool.issuers[1], `${userPool.issuer}/`, [userPool.issuer]),
  fc.jsonValue({ maxDepth: 2 }),
)
const claim = fc.constantFrom(
  ...[
    'exp',
    'nbf',
    'iat',
    'iss',
    'sub',
    'aud',
    'client_id',
    'token_use',
    'scope',
    'jti',
    'username',
    'cognito:groups',
  ],
)
const claims = fc.array(fc.tuple(claim, value), { maxLength: 3 })
const header = fc.array(
  fc.tuple(
    fc.constantFrom('alg', 'kid', 'typ', 'crit', 'cty', 'b64', 'zip'),
    fc.constantFrom<unknown>(
      'RS256',
      'rs256',
      'RS512',
      'none',
      'JWT',
      'at+jwt',
      'key1',
      'key2',
      null,
      7,
      [],
      ['b64'],
      false,
    ),
  ),
  { maxLength: 1 },
)

test('what verify accepts, the verifier of aws-jwt-verify accepts with the same claims (3,000, seeded)', async () => {
  let accepted = 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(claims, header, async (changes, headerChanges) => {
      const token = signer.sign(
        accessClaims(userPool, Object.fromEntries(changes)),
        Object.fromEntries(headerChanges),
      )
      const own = await userPool.verify(token, { tokenUse: 'access' }).catch(() => undefined)
      if (!own) refused += 1
      else {
        accepted += 1
        assert.deepEqual(own, await peer.verify(token))
      }
    }),
    { seed: 7519, numRuns: 3_000 },
  )
  assert.ok(accepted > 500 && refused > 500, `${accepted} accepted, ${refused} refused`)
})
