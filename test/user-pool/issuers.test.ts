import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserPool, type UserPoolOptions } from '../../src/index.ts'
import { refused } from './refusal.ts'
import { accessClaims, createSigner, idClaims } from './signer.ts'

// Amazon's hosts cannot be reached from a test, so a `fetch` stands in for them, with a key that is ours.
const signer = createSigner('aws1')
const clientId = '4ifa83b1k2example9c0d1e2f3'

function poolOnAmazon(options: Partial<UserPoolOptions> & { userPoolId: string }) {
  const fetched: string[] = []
  const userPool = new UserPool({
    clientId,
    fetch: async (url) => {
      fetched.push(url)
      return Response.json({ keys: [signer.jwk] })
    },
    ...options,
  })
  return { userPool, fetched }
}

const access = { tokenUse: 'access' } as const

for (const [userPoolId, host] of [
  ['eu-west-1_AbCdEf123', 'cognito-idp.eu-west-1.amazonaws.com'],
  ['ap-southeast-2_AbCdEf123', 'cognito-idp.ap-southeast-2.amazonaws.com'],
  ['us-gov-west-1_AbCdEf123', 'cognito-idp.us-gov-west-1.amazonaws.com'],
  ['cn-north-1_AbCdEf123', 'cognito-idp.cn-north-1.amazonaws.com.cn'],
  ['eusc-de-east-1_AbCdEf123', 'cognito-idp.eusc-de-east-1.amazonaws.eu'],
] as const) {
  test(`BV-35 ${userPoolId} takes tokens of both issuer forms, with the keys of ${host}`, async () => {
    const { userPool, fetched } = poolOnAmazon({ userPoolId })
    for (const iss of [`https://${host}/${userPoolId}`, `https://issuer-${host}/${userPoolId}`]) {
      const claims = await userPool.verify(signer.sign(accessClaims(userPool, { iss })), access)
      assert.equal(claims.iss, iss)
      const id = await userPool.verify(signer.sign(idClaims(userPool, { iss })), { tokenUse: 'id' })
      assert.equal(id.iss, iss)
    }
    assert.deepEqual(fetched, [`https://${host}/${userPoolId}/.well-known/jwks.json`])
    assert.equal(userPool.issuer, `https://${host}/${userPoolId}`)
    assert.equal(userPool.loginsKey, `${host}/${userPoolId}`)
    assert.equal(userPool.region, userPoolId.split('_')[0])
  })
}

const id = 'eu-west-1_AbCdEf123'
const lookAlikes = [
  `http://cognito-idp.eu-west-1.amazonaws.com/${id}`,
  `https://cognito-idp.eu-west-1.amazonaws.com:443/${id}`,
  `https://cognito-idp.eu-west-1.amazonaws.com@evil.example/${id}`,
  `https://user@cognito-idp.eu-west-1.amazonaws.com/${id}`,
  `https://cognito-idp.us-east-1.amazonaws.com/${id}`,
  `https://cognito-idp.eu-west-1.amazonaws.com.evil.example/${id}`,
  `https://cognito-idp.eu-west-1.amazonaws.com/${id}/`,
  `https://cognito-idp.eu-west-1.amazonaws.com/${id}4`,
  'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Another12',
  `https://COGNITO-IDP.eu-west-1.amazonaws.com/${id}`,
  `https://cognito-idp.eu-west-1.amazonaws.com//${id}`,
  `https://issuer-cognito-idp.eu-west-1.amazonaws.com/${id}?`,
  '',
  undefined,
]
for (const iss of lookAlikes) {
  test(`BV-35 the issuer ${iss === undefined ? '(absent)' : `"${iss}"`} is refused without fetching keys`, async () => {
    const { userPool, fetched } = poolOnAmazon({ userPoolId: id })
    const token = signer.sign(accessClaims(userPool, { iss }))
    await refused(userPool.verify(token, access), 'issuer', token)
    assert.deepEqual(fetched, [])
  })
}

test('an issuer of your own replaces both forms', async () => {
  const issuer = 'https://sso.example.com/pool'
  const { userPool } = poolOnAmazon({ userPoolId: id, issuer })
  assert.equal(userPool.issuer, issuer)
  assert.equal((await userPool.verify(signer.sign(accessClaims(userPool)), access)).iss, issuer)
  for (const iss of [
    `https://cognito-idp.eu-west-1.amazonaws.com/${id}`,
    `${issuer}/`,
    'https://sso.example.com',
  ])
    await refused(userPool.verify(signer.sign(accessClaims(userPool, { iss })), access), 'issuer')
})

test('an endpoint changes where the keys come from, and neither the issuer nor the Logins key', async () => {
  const endpoint = 'https://vpce-1.cognito-idp.eu-west-1.vpce.amazonaws.com/'
  const { userPool, fetched } = poolOnAmazon({ userPoolId: id, endpoint })
  await userPool.verify(signer.sign(accessClaims(userPool)), access)
  assert.deepEqual(fetched, [`${endpoint}${id}/.well-known/jwks.json`])
  assert.equal(userPool.issuer, `https://cognito-idp.eu-west-1.amazonaws.com/${id}`)
  assert.equal(userPool.loginsKey, `cognito-idp.eu-west-1.amazonaws.com/${id}`)
})
