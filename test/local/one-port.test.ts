import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
} from '@aws-sdk/client-cognito-identity'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { LocalCognito } from '../../src/local/index.ts'
import { start, tokensFor } from './domain.ts'

let local: LocalCognito
let identity: CognitoIdentityClient
before(async () => {
  local = await start()
  identity = new CognitoIdentityClient({ region: local.sts.region, endpoint: local.url, maxAttempts: 1 })
})
after(async () => {
  identity.destroy()
  await local.close()
})

const providerName = () => `cognito-idp.us-east-1.amazonaws.com/${local.userPool.userPoolId}`

async function credentialsWith(token: string) {
  const Logins = { [providerName()]: token }
  const { identityPoolId } = local.identityPool
  const { IdentityId } = await identity.send(new GetIdCommand({ IdentityPoolId: identityPoolId, Logins }))
  const { Credentials } = await identity.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }))
  const { AccessKeyId = '', SecretKey = '', SessionToken = '' } = Credentials ?? {}
  return {
    identityId: IdentityId ?? '',
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken: SessionToken },
  }
}

test('from the login page to a file of one’s own in S3, on one port', async (t) => {
  const { id_token: idToken } = await tokensFor(local)
  const { identityId, credentials } = await credentialsWith(idToken)
  const { bucket, ...options } = local.s3
  const s3 = new S3Client({ ...options, credentials, maxAttempts: 1 })
  const sts = new STSClient({ ...local.sts, credentials, maxAttempts: 1 })
  t.after(() => [s3.destroy(), sts.destroy()])
  const Key = `private/${identityId}/a b.txt`
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'hello' }))
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))
  assert.equal(await Body?.transformToString(), 'hello')
  assert.match((await sts.send(new GetCallerIdentityCommand({}))).Arn ?? '', /^arn:aws:sts::000000000000:/)
  const foreign = new GetObjectCommand({ Bucket: bucket, Key: 'private/us-east-1:other/a.txt' })
  await assert.rejects(s3.send(foreign), { name: 'AccessDenied' })
  const operations = ['GetId', 'GetCredentialsForIdentity', 'PutObject', 'GetObject', 'GetCallerIdentity']
  assert.deepEqual(
    operations.map((operation) => local.requests.count(operation)),
    [1, 1, 1, 2, 1],
  )
})

for (const [what, order, message] of [
  ['an access token', { tokenUse: 'access' }, 'Invalid login token. Missing a required claim: aud'],
  [
    'an expired ID token',
    { tokenUse: 'id', expiresInSeconds: 0 },
    /^Invalid login token. Token expired: \d+ >= \d+$/,
  ],
  [
    'an ID token of an unknown client',
    { tokenUse: 'id', claims: { aud: 'other' } },
    'Token is not from a supported provider of this identity pool.',
  ],
  [
    'an ID token of another issuer',
    { tokenUse: 'id', claims: { iss: 'https://evil.example' } },
    "Invalid login token. Issuer doesn't match providerName",
  ],
  [
    'an ID token with an unknown key',
    { tokenUse: 'id', header: { kid: 'other' } },
    "Invalid login token. Couldn't verify signed token.",
  ],
] as const) {
  test(`the identity pool refuses ${what}`, async () => {
    const token = await local.issueToken(order)
    await assert.rejects(credentialsWith(token), { name: 'NotAuthorizedException', message })
  })
}

test('the identity pool refuses a token of another local Cognito', async (t) => {
  const other = await start()
  t.after(() => other.close())
  const token = await other.issueToken({ tokenUse: 'id', claims: { iss: local.userPool.issuer } })
  await assert.rejects(credentialsWith(token), {
    name: 'NotAuthorizedException',
    message: "Invalid login token. Couldn't verify signed token.",
  })
})

test('the long target name of old clients works', async () => {
  const response = await fetch(local.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'com.amazonaws.cognito.identity.model.AWSCognitoIdentityService.GetId' },
    body: JSON.stringify({
      IdentityPoolId: local.identityPool.identityPoolId,
      Logins: { [providerName()]: await local.issueToken({ tokenUse: 'id' }) },
    }),
  })
  assert.match(await response.text(), /^\{"IdentityId":"us-east-1:[0-9a-f-]{36}"\}$/)
})

test('guests get credentials only when the pool allows them', async (t) => {
  const guests = await start({ allowUnauthenticatedIdentities: true })
  t.after(() => guests.close())
  const open = new CognitoIdentityClient({ region: 'us-east-1', endpoint: guests.url, maxAttempts: 1 })
  t.after(() => open.destroy())
  const { identityPoolId } = guests.identityPool
  assert.ok((await open.send(new GetIdCommand({ IdentityPoolId: identityPoolId }))).IdentityId)
  await assert.rejects(identity.send(new GetIdCommand({ IdentityPoolId: identityPoolId })), {
    message: 'Unauthenticated access is not supported for this identity pool.',
  })
})
