import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import { startLocalCognito, type LocalCognito } from '../../src/local/index.ts'
import { ana, claimsOf, headerOf, start, tokensFor } from './domain.ts'

const userPoolId = 'eu-west-1_AbCdEf123'
const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`
let local: LocalCognito
before(async () => {
  local = await start({ userPoolId, issuer })
})
after(() => local.close())

function verifierOf(tokenUse: 'id' | 'access') {
  const verifier = CognitoJwtVerifier.create({ userPoolId, tokenUse, clientId: local.userPool.clientId })
  // The only place where a type of node:crypto and one of aws-jwt-verify name the same JSON.
  verifier.cacheJwks(local.jwks() as unknown as Parameters<typeof verifier.cacheJwks>[0])
  return verifier
}

test('Amazon’s own verifier takes the tokens of a sign-in', async () => {
  const { id_token: idToken, access_token: accessToken } = await tokensFor(local)
  assert.equal((await verifierOf('id').verify(idToken))['cognito:username'], 'ana')
  assert.equal((await verifierOf('access').verify(accessToken))['username'], 'ana')
})

test('Amazon’s own verifier takes tokens made to order, and refuses what was ordered wrong', async () => {
  const id = verifierOf('id')
  assert.ok(await id.verify(await local.issueToken({ tokenUse: 'id' })))
  for (const order of [
    { tokenUse: 'access' },
    { tokenUse: 'id', expiresInSeconds: -1 },
    { tokenUse: 'id', clientId: 'confidential1' },
    { tokenUse: 'id', claims: { iss: 'https://evil.example' } },
    { tokenUse: 'id', claims: { token_use: undefined } },
    { tokenUse: 'id', header: { alg: 'none' } },
    { tokenUse: 'id', header: { kid: 'other' } },
  ] as const) {
    await assert.rejects(id.verify(await local.issueToken(order)), Error, JSON.stringify(order))
  }
})

test('a token made to order has the claims that were ordered', async () => {
  const token = await local.issueToken({
    tokenUse: 'id',
    username: 'bo',
    clientId: 'confidential1',
    claims: { 'custom:plan': 'gold', email: undefined },
    expiresInSeconds: 10,
    header: { crit: ['x'] },
  })
  const { aud, exp, iat, ...claims } = claimsOf(token)
  assert.equal(aud, 'confidential1')
  assert.equal(Number(exp) - Number(iat), 10)
  assert.equal(claims['cognito:username'], 'bo')
  assert.equal(claims['custom:plan'], 'gold')
  assert.ok(!('email' in claims))
  assert.deepEqual(headerOf(token)['crit'], ['x'])
})

test('a token for nobody is refused', async () => {
  await assert.rejects(local.issueToken({ tokenUse: 'id', username: 'nobody' }), {
    name: 'ConfigurationError',
  })
  await assert.rejects(local.issueToken({ tokenUse: 'id', clientId: 'nobody' }), {
    name: 'ConfigurationError',
  })
})

test('the published keys are two, without private parts', async () => {
  const response = await fetch(`${local.url}/${userPoolId}/.well-known/jwks.json`)
  const { keys } = (await response.json()) as { keys: Record<string, string>[] }
  assert.deepEqual(keys, local.jwks().keys)
  for (const key of keys) assert.deepEqual(Object.keys(key), ['alg', 'e', 'kid', 'kty', 'n', 'use'])
  assert.notEqual(keys[0]?.['kid'], keys[1]?.['kid'])
})

test('the discovery document has Cognito’s members', async () => {
  const response = await fetch(`${local.url}/${userPoolId}/.well-known/openid-configuration`)
  const document = (await response.json()) as Record<string, unknown>
  assert.equal(document['issuer'], issuer)
  assert.equal(document['jwks_uri'], `${local.url}/${userPoolId}/.well-known/jwks.json`)
  assert.equal(document['code_challenge_methods_supported'], undefined)
  assert.deepEqual(Object.keys(document).sort(), [
    'authorization_endpoint',
    'end_session_endpoint',
    'id_token_signing_alg_values_supported',
    'issuer',
    'jwks_uri',
    'response_types_supported',
    'revocation_endpoint',
    'scopes_supported',
    'subject_types_supported',
    'token_endpoint',
    'token_endpoint_auth_methods_supported',
    'userinfo_endpoint',
  ])
})

const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`
for (const [what, groups, roles, preferred] of [
  [
    'the best rank',
    [
      { name: 'a', precedence: 5, roleArn: role('a') },
      { name: 'b', precedence: 0, roleArn: role('b') },
    ],
    [role('a'), role('b')],
    role('b'),
  ],
  [
    'no claim when two of the best rank differ',
    [
      { name: 'a', precedence: 1, roleArn: role('a') },
      { name: 'b', precedence: 1, roleArn: role('b') },
    ],
    [role('a'), role('b')],
    undefined,
  ],
  [
    'the role that two of the best rank share',
    [
      { name: 'a', precedence: 1, roleArn: role('a') },
      { name: 'b', precedence: 1, roleArn: role('a') },
    ],
    [role('a')],
    role('a'),
  ],
  [
    'groups without a rank last',
    [
      { name: 'a', roleArn: role('a') },
      { name: 'b', precedence: 9, roleArn: role('b') },
    ],
    [role('a'), role('b')],
    role('b'),
  ],
  ['no role claims without roles', [], undefined, undefined],
] as const) {
  test(`the preferred role follows the groups: ${what}`, async (t) => {
    const own = await startLocalCognito({ users: [{ ...ana, groups: ['a', 'b'] }], groups: [...groups] })
    t.after(() => own.close())
    const claims = claimsOf(await own.issueToken({ tokenUse: 'id' }))
    assert.deepEqual(claims['cognito:groups'], ['a', 'b'])
    assert.deepEqual(claims['cognito:roles'], roles)
    assert.equal(claims['cognito:preferred_role'], preferred)
  })
}

test('a user without groups has no group claims', async () => {
  const claims = claimsOf(await local.issueToken({ tokenUse: 'id', username: 'bo' }))
  assert.deepEqual(
    Object.keys(claims).filter((name) => /groups|role/.test(name)),
    [],
  )
})
