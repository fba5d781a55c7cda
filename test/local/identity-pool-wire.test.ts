import assert from 'node:assert/strict'
import test from 'node:test'
import { SignatureV4 } from '@smithy/signature-v4'
import { Sha256 } from '../../src/local/aws/sha256.ts'
import { startPool, userPoolProvider, type PoolClient } from './identity-pool-client.ts'

const service = 'AWSCognitoIdentityService'
const long = `com.amazonaws.cognito.identity.model.${service}`

/** A signed call whose answer is read as it comes. */
async function signedCall({ local }: PoolClient, operation: string, input: unknown): Promise<string> {
  const { hostname, port, host } = new URL(local.url)
  const signer = new SignatureV4({
    service: 'cognito-identity',
    region: 'us-east-1',
    credentials: local.awsCredentials,
    sha256: Sha256,
  })
  const body = JSON.stringify(input)
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: '/',
    query: {},
    headers: { host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${long}.${operation}` },
    body,
  })
  return (await fetch(local.url, { method: 'POST', headers, body })).text()
}

test('credentials come in one line, members in the order of the alphabet, with SecretKey and epoch seconds', async (t) => {
  const { local, raw, logins, getId } = await startPool(t)
  const Logins = await logins('ana')
  const IdentityId = await getId(Logins)
  for (const prefix of [service, long]) {
    const { status, text, headers } = await raw(`${prefix}.GetCredentialsForIdentity`, { IdentityId, Logins })
    assert.equal(status, 200)
    assert.match(
      text,
      /^\{"Credentials":\{"AccessKeyId":"ASIA0LOCAL0[A-Z2-7]{9}","Expiration":\d{10},"SecretKey":"[\w+/]{40}","SessionToken":"[\w+/=]+"\},"IdentityId":"us-east-1:[0-9a-f-]{36}"\}$/,
    )
    const { Credentials } = JSON.parse(text) as { Credentials: { Expiration: number } }
    const lifetime = Credentials.Expiration - local.clock.nowSeconds()
    assert.equal(lifetime > 3540 && lifetime <= 3600, true, String(lifetime))
    assert.equal(headers.get('content-type'), 'application/x-amz-json-1.1')
    assert.match(headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/)
  }
})

test('a refusal names its type in the body and in a header, with status 400', async (t) => {
  const { raw, identityPoolId } = await startPool(t)
  const { status, text, headers } = await raw(`${service}.GetId`, { IdentityPoolId: identityPoolId })
  const message = 'Unauthenticated access is not supported for this identity pool.'
  assert.equal(status, 400)
  assert.equal(text, JSON.stringify({ __type: 'NotAuthorizedException', message }))
  assert.equal(headers.get('x-amzn-errortype'), 'NotAuthorizedException:')
  assert.equal(headers.get('x-amzn-errormessage'), message)
})

test('dates are numbers of epoch seconds', async (t) => {
  const pool = await startPool(t)
  const IdentityId = await pool.getId(await pool.logins('ana'))
  assert.match(
    await signedCall(pool, 'DescribeIdentity', { IdentityId }),
    /^\{"CreationDate":\d{10},"IdentityId":"us-east-1:[0-9a-f-]{36}","LastModifiedDate":\d{10},"Logins":\["cognito-idp\.[^"]+"\]\}$/,
  )
})

test('a token comes with its identity', async (t) => {
  const { raw, logins, getId } = await startPool(t)
  const Logins = await logins('ana')
  const { text } = await raw(`${service}.GetOpenIdToken`, { IdentityId: await getId(Logins), Logins })
  assert.match(text, /^\{"IdentityId":"us-east-1:[0-9a-f-]{36}","Token":"eyJ[\w-]+\.[\w-]+\.[\w-]+"\}$/)
})

const null_ = "Value null at '%' failed to satisfy constraint: Member must not be null"

test('every required member that is missing is named', async (t) => {
  const pool = await startPool(t)
  for (const [operation, ...members] of [
    ['GetOpenIdTokenForDeveloperIdentity', 'identityPoolId', 'logins'],
    ['LookupDeveloperIdentity', 'identityPoolId'],
    [
      'MergeDeveloperIdentities',
      'sourceUserIdentifier',
      'destinationUserIdentifier',
      'developerProviderName',
      'identityPoolId',
    ],
    [
      'UnlinkDeveloperIdentity',
      'identityId',
      'identityPoolId',
      'developerProviderName',
      'developerUserIdentifier',
    ],
    ['DescribeIdentity', 'identityId'],
    ['ListIdentities', 'identityPoolId', 'maxResults'],
    ['DeleteIdentities', 'identityIdsToDelete'],
    ['DescribeIdentityPool', 'identityPoolId'],
    ['ListIdentityPools', 'maxResults'],
    ['GetIdentityPoolRoles', 'identityPoolId'],
    ['SetIdentityPoolRoles', 'identityPoolId', 'roles'],
    ['GetPrincipalTagAttributeMap', 'identityPoolId', 'identityProviderName'],
    ['SetPrincipalTagAttributeMap', 'identityPoolId', 'identityProviderName'],
  ] as const) {
    const problems = members.map((member) => null_.replace('%', member))
    const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`
    assert.deepEqual(
      JSON.parse(await signedCall(pool, operation, {})),
      { __type: 'ValidationException', message: `${count} detected: ${problems.join('; ')}` },
      operation,
    )
  }
  for (const [operation, ...members] of [
    ['GetId', 'identityPoolId'],
    ['GetCredentialsForIdentity', 'identityId'],
    ['GetOpenIdToken', 'identityId'],
    ['UnlinkIdentity', 'identityId', 'logins', 'loginsToRemove'],
  ] as const) {
    const { text } = await pool.raw(`${service}.${operation}`, {})
    for (const member of members) assert.equal(text.includes(null_.replace('%', member)), true, operation)
  }
})

test('what is too long, too short or of another form is named; values of maps are not shown', async (t) => {
  const pool = await startPool(t)
  const id = pool.identityPoolId
  const map = (constraint: string, which: string) =>
    `Value at 'logins' failed to satisfy constraint: Map ${which} must satisfy constraint: [${constraint}]`
  for (const [operation, input, message] of [
    [
      'GetOpenIdTokenForDeveloperIdentity',
      { IdentityPoolId: id, Logins: { 'login.example.jp': '' } },
      map(
        'Member must have length less than or equal to 50000, Member must have length greater than or equal to 1',
        'value',
      ),
    ],
    [
      'GetOpenIdTokenForDeveloperIdentity',
      { IdentityPoolId: id, Logins: { '': 'x' } },
      map(
        'Member must have length less than or equal to 128, Member must have length greater than or equal to 1',
        'keys',
      ),
    ],
    [
      'ListIdentities',
      { IdentityPoolId: id, MaxResults: 0 },
      "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'UnlinkDeveloperIdentity',
      { IdentityId: id, IdentityPoolId: id, DeveloperProviderName: 'a b', DeveloperUserIdentifier: 'x' },
      "Value 'a b' at 'developerProviderName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w._-]+",
    ],
    [
      'SetIdentityPoolRoles',
      { IdentityPoolId: id, Roles: { admin: 'arn:aws:iam::000000000000:role/x' } },
      "Value at 'roles' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128, " +
        'Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: (un)?authenticated]',
    ],
  ] as const)
    assert.deepEqual(JSON.parse(await signedCall(pool, operation, input)), {
      __type: 'ValidationException',
      message: `1 validation error detected: ${message}`,
    })
})

test('a member of another JSON type is a SerializationException', async (t) => {
  const pool = await startPool(t)
  const id = pool.identityPoolId
  for (const [operation, input] of [
    ['ListIdentities', { IdentityPoolId: id, MaxResults: '1' }],
    ['ListIdentities', { IdentityPoolId: id, MaxResults: 1.5 }],
    ['ListIdentities', { IdentityPoolId: id, MaxResults: 1, HideDisabled: 'yes' }],
    ['DeleteIdentities', { IdentityIdsToDelete: id }],
    ['DeleteIdentities', { IdentityIdsToDelete: [1] }],
    ['SetIdentityPoolRoles', { IdentityPoolId: id, Roles: [], RoleMappings: {} }],
    ['SetIdentityPoolRoles', { IdentityPoolId: id, Roles: {}, RoleMappings: { x: 'y' } }],
  ] as const) {
    const answer = JSON.parse(await signedCall(pool, operation, input)) as { __type: string }
    assert.equal(answer.__type, 'SerializationException', JSON.stringify(input))
  }
})

test('null is as good as absent', async (t) => {
  const { raw, logins, getId } = await startPool(t)
  const Logins = await logins('ana')
  const IdentityId = await getId(Logins)
  const input = { IdentityId, Logins, CustomRoleArn: null }
  assert.equal((await raw(`${service}.GetCredentialsForIdentity`, input)).status, 200)
  const guest = await raw(`${service}.GetOpenIdToken`, { IdentityId, Logins: null })
  assert.match(guest.text, /is forbidden/)
})

test('no refusal shows a token', async (t) => {
  const { raw, identityPoolId, logins } = await startPool(t)
  const token = (await logins('ana'))[userPoolProvider] ?? ''
  for (const Logins of [
    { [userPoolProvider]: `${token}x` },
    { 'graph.facebook.com': token },
    { [`${userPoolProvider}x`]: token },
    { [userPoolProvider]: token.repeat(100) },
  ]) {
    const { status, text, headers } = await raw(`${service}.GetId`, {
      IdentityPoolId: identityPoolId,
      Logins,
    })
    assert.equal(status, 400)
    assert.equal(text.includes(token.slice(0, 40)), false)
    assert.equal(headers.get('x-amzn-errormessage')?.includes(token.slice(0, 40)), false)
  }
})
