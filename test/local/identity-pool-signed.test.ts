import assert from 'node:assert/strict'
import test from 'node:test'
import {
  CognitoIdentityClient,
  DescribeIdentityCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  ListIdentitiesCommand,
  ListIdentityPoolsCommand,
} from '@aws-sdk/client-cognito-identity'
import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { tamper } from './aws-tamper.ts'
import { refused, role, startPool, type PoolClient } from './identity-pool-client.ts'

const signed = [
  'DeleteIdentities',
  'DescribeIdentity',
  'DescribeIdentityPool',
  'GetIdentityPoolRoles',
  'GetOpenIdTokenForDeveloperIdentity',
  'GetPrincipalTagAttributeMap',
  'ListIdentities',
  'ListIdentityPools',
  'LookupDeveloperIdentity',
  'MergeDeveloperIdentities',
  'SetIdentityPoolRoles',
  'SetPrincipalTagAttributeMap',
  'UnlinkDeveloperIdentity',
]
const unsigned = ['GetCredentialsForIdentity', 'GetId', 'GetOpenIdToken', 'UnlinkIdentity']
const short = 'AWSCognitoIdentityService'
const long = 'com.amazonaws.cognito.identity.model.AWSCognitoIdentityService'

const errorOf = (text: string) => JSON.parse(text) as { __type: string; message: string }
const listPools = new ListIdentityPoolsCommand({ MaxResults: 1 })
const clientOf = ({ local }: PoolClient, changes: object) =>
  new CognitoIdentityClient({
    region: 'us-east-1',
    endpoint: local.url,
    maxAttempts: 1,
    credentials: local.awsCredentials,
    ...changes,
  })

test('thirteen operations need a signature, four do not, under either spelling of the target', async (t) => {
  const { raw, local } = await startPool(t)
  for (const prefix of [short, long]) {
    for (const operation of signed) {
      const { status, text, headers } = await raw(`${prefix}.${operation}`, {})
      assert.equal(status, 400)
      assert.deepEqual(
        errorOf(text),
        { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
        operation,
      )
      assert.equal(headers.get('x-amzn-errortype'), 'MissingAuthenticationTokenException:')
    }
    for (const operation of unsigned) {
      const { __type: type } = errorOf((await raw(`${prefix}.${operation}`, {})).text)
      assert.equal(type, 'ValidationException', operation)
    }
  }
  for (const operation of [...signed, ...unsigned]) assert.equal(local.requests.count(operation), 2)
  const unknown = errorOf((await raw(`${short}.DeleteIdentityPool`, {})).text)
  assert.equal(unknown.__type, 'UnknownOperationException')
})

test('the documented key is a recognisable fake, and may do everything', async (t) => {
  const { local, developer, identityPoolId, s3 } = await startPool(t)
  assert.deepEqual(local.awsCredentials, {
    accessKeyId: 'AKIA0LOCAL0DEVELOPER',
    secretAccessKey: 'local-cognito-secret-access-key-not-real',
  })
  // AWS's access keys are 20 characters of base32, which has no 0, and its secrets 40.
  assert.deepEqual(
    [local.awsCredentials.accessKeyId.length, local.awsCredentials.secretAccessKey.length],
    [20, 40],
  )
  const { IdentityPools } = await developer.send(listPools)
  assert.deepEqual(IdentityPools, [{ IdentityPoolId: identityPoolId, IdentityPoolName: 'local' }])
  const sts = new STSClient({ ...local.sts, credentials: local.awsCredentials, maxAttempts: 1 })
  t.after(() => sts.destroy())
  const { Arn, Account } = await sts.send(new GetCallerIdentityCommand({}))
  assert.deepEqual([Arn, Account], ['arn:aws:iam::000000000000:user/local-developer', '000000000000'])
  const { KeyCount } = await s3({ ...local.awsCredentials, sessionToken: '' }).send(
    new ListObjectsV2Command({ Bucket: local.s3.bucket }),
  )
  assert.equal(KeyCount, 0)
})

test('named access keys take the place of the documented one', async (t) => {
  const accessKeys = [
    {
      accessKeyId: 'AKIA0TEST0FIRST00000',
      secretAccessKey: 'the secret key of the first one'.replaceAll(' ', '-'),
    },
    {
      accessKeyId: 'AKIA0TEST0SECOND0000',
      secretAccessKey: 'the secret key of the second one'.replaceAll(' ', '-'),
    },
  ]
  const pool = await startPool(t, { accessKeys })
  assert.deepEqual(pool.local.awsCredentials, accessKeys[0])
  for (const credentials of accessKeys)
    assert.equal((await clientOf(pool, { credentials }).send(listPools)).IdentityPools?.length, 1)
  const documented = {
    accessKeyId: 'AKIA0LOCAL0DEVELOPER',
    secretAccessKey: 'local-cognito-secret-access-key-not-real',
  }
  await assert.rejects(clientOf(pool, { credentials: documented }).send(listPools), {
    name: 'UnrecognizedClientException',
  })
})

test('a wrong secret, key, token, Region, and a changed body are refused as the gateway of the APIs does', async (t) => {
  const pool = await startPool(t)
  const { awsCredentials } = pool.local
  const invalid = refused(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  )
  for (const [changes, refusal] of [
    [{ credentials: { ...awsCredentials, secretAccessKey: 'wrong' } }, { name: 'InvalidSignatureException' }],
    [{ credentials: { ...awsCredentials, accessKeyId: 'AKIA0LOCAL0SOMEBODY0' } }, invalid],
    [{ credentials: { ...awsCredentials, sessionToken: 'x' } }, invalid],
    [
      { region: 'eu-west-1' },
      refused('InvalidSignatureException', 'Credential should be scoped to a valid region and service.'),
    ],
  ] as const)
    await assert.rejects(clientOf(pool, changes).send(listPools), refusal)
  const changed = tamper(clientOf(pool, {}), (request) => (request.body = '{"MaxResults":2}'))
  await assert.rejects(changed.send(listPools), { name: 'InvalidSignatureException' })
  const renamed = tamper(
    clientOf(pool, {}),
    (request) => (request.headers['x-amz-target'] = `${short}.ListIdentities`),
  )
  await assert.rejects(renamed.send(listPools), { name: 'InvalidSignatureException' })
})

test('a signature is no help, and no harm, to an operation that needs none', async (t) => {
  const pool = await startPool(t, { allowUnauthenticatedIdentities: true })
  const headers = { 'x-amz-target': `${short}.GetId`, authorization: 'AWS4-HMAC-SHA256 nonsense' }
  const body = JSON.stringify({ IdentityPoolId: pool.identityPoolId })
  const answer = await fetch(pool.local.url, { method: 'POST', headers, body })
  assert.equal(answer.status, 200)
})

test('credentials of an identity may not administer the pool, unless their role says so', async (t) => {
  const allow = (Action: string) => ({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action,
      Resource: 'arn:aws:cognito-identity:us-east-1:000000000000:identitypool/*',
    },
  })
  const pool = await startPool(t, {
    groups: [{ name: 'support', roleArn: role('support') }],
    iamRoles: [{ roleArn: role('support'), policies: [allow('cognito-identity:Describe*')] }],
  })
  const { identityPoolId, logins, credentials } = pool
  const usual = clientOf(pool, { credentials: await credentials(await logins('ana')) })
  const arn = `arn:aws:cognito-identity:us-east-1:000000000000:identitypool/${identityPoolId}`
  const list = new ListIdentitiesCommand({ IdentityPoolId: identityPoolId, MaxResults: 1 })
  await assert.rejects(
    usual.send(list),
    refused(
      'AccessDeniedException',
      'User: arn:aws:sts::000000000000:assumed-role/local-authenticated/CognitoIdentityCredentials is not authorized to perform: ' +
        `cognito-identity:ListIdentities on resource: "${arn}" because no identity-based policy allows the cognito-identity:ListIdentities action`,
    ),
  )
  const login = await logins('ben', { 'cognito:preferred_role': role('support') })
  const issued = await credentials(login)
  const support = clientOf(pool, { credentials: issued })
  await assert.rejects(support.send(list), { name: 'AccessDeniedException' })
  const { IdentityId } = await support.send(new DescribeIdentityCommand({ IdentityId: issued.identityId }))
  assert.equal(IdentityId, issued.identityId)
  const elsewhere = new GetOpenIdTokenForDeveloperIdentityCommand({
    IdentityPoolId: identityPoolId,
    Logins: login,
  })
  await assert.rejects(support.send(elsewhere), { name: 'AccessDeniedException' })
})

test('credentials that expired sign nothing', async (t) => {
  const pool = await startPool(t)
  const issued = clientOf(pool, { credentials: await pool.credentials(await pool.logins('ana')) })
  pool.local.clock.advance(3600)
  await assert.rejects(issued.send(listPools), { name: 'ExpiredTokenException' })
})

test('a client with its usual retries follows a clock that was moved', async (t) => {
  const pool = await startPool(t)
  pool.local.clock.advance(86_400)
  const client = clientOf(pool, { maxAttempts: 3 })
  assert.equal((await client.send(listPools)).IdentityPools?.length, 1)
  assert.equal(pool.local.requests.count('ListIdentityPools'), 2)
})
