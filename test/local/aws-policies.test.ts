import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import {
  DescribeIdentityPoolCommand,
  GetPrincipalTagAttributeMapCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  SetPrincipalTagAttributeMapCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import type { LocalCognitoOptions } from '../../src/local/index.ts'
import { badConfiguration, role, startPool, userPoolProvider } from './identity-pool-client.ts'

const Bucket = 'files'
const arn = `arn:aws:s3:::${Bucket}`
const denied = { name: 'AccessDenied' }
const allow = (Action: string | string[], Resource: string, Condition?: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) }],
})
/** As the console writes it. */
const trust = (aud: string, amr: string, Action: string | string[] = 'sts:AssumeRoleWithWebIdentity') => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Action,
      Condition: {
        StringEquals: { 'cognito-identity.amazonaws.com:aud': aud },
        'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': amr },
      },
    },
  ],
})
const poolId = 'us-east-1:128d0a74-c82f-4553-916d-90053e8a11ce'

function start(t: TestContext, options: LocalCognitoOptions) {
  return startPool(t, {
    identityPoolId: poolId,
    allowUnauthenticatedIdentities: true,
    ...options,
    identityPool: {
      roles: { authenticated: role('user'), unauthenticated: role('guest') },
      ...options.identityPool,
    },
  })
}

test('S3 obeys a policy on the identity: each user has a folder, everybody may read the public one', async (t) => {
  const { credentials, logins, s3 } = await start(t, {
    iamRoles: [
      {
        roleArn: role('user'),
        policies: [
          allow(['s3:GetObject', 's3:PutObject'], `${arn}/users/\${cognito-identity.amazonaws.com:sub}/*`),
          allow('s3:GetObject', `${arn}/public/*`),
          allow('s3:ListBucket', arn, { StringLike: { 's3:prefix': ['public/', 'public/*'] } }),
        ],
      },
    ],
  })
  const ana = await credentials(await logins('ana'))
  const ben = await credentials(await logins('ben'))
  const Key = `users/${ana.identityId}/a.txt`
  await s3(ana).send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))
  await s3(ana).send(new GetObjectCommand({ Bucket, Key }))
  await assert.rejects(s3(ben).send(new GetObjectCommand({ Bucket, Key })), denied)
  await assert.rejects(s3(ana).send(new DeleteObjectCommand({ Bucket, Key })), denied)
  await assert.rejects(s3(ana).send(new PutObjectCommand({ Bucket, Key: 'public/a.txt', Body: 'x' })), denied)
  await assert.rejects(s3(ana).send(new GetObjectCommand({ Bucket, Key: 'public/a.txt' })), {
    name: 'NoSuchKey',
  })
  await s3(ana).send(new ListObjectsV2Command({ Bucket, Prefix: 'public/' }))
  for (const Prefix of ['', undefined, 'users/'])
    await assert.rejects(s3(ana).send(new ListObjectsV2Command({ Bucket, Prefix })), denied)
  // What the usual policy would grant is not granted beside it.
  const usual = new PutObjectCommand({ Bucket, Key: `private/${ana.identityId}/a.txt`, Body: 'x' })
  await assert.rejects(s3(ana).send(usual), denied)
})

test('a refusal says who, what and why, as that of S3', async (t) => {
  const deny = {
    Version: '2012-10-17',
    Statement: { Effect: 'Deny', Action: 's3:Get*', Resource: `${arn}/secret/*` },
  }
  const { credentials, logins, s3 } = await start(t, {
    iamRoles: [{ roleArn: role('user'), policies: [allow('s3:GetObject', `${arn}/*`), deny] }],
  })
  const ana = s3(await credentials(await logins('ana')))
  const who =
    'User: arn:aws:sts::000000000000:assumed-role/user/CognitoIdentityCredentials is not authorized to perform:'
  await assert.rejects(ana.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' })), {
    message: `${who} s3:PutObject on resource: "arn:aws:s3:::files/a" because no identity-based policy allows the s3:PutObject action`,
  })
  await assert.rejects(ana.send(new GetObjectCommand({ Bucket, Key: 'secret/a' })), {
    message: `${who} s3:GetObject on resource: "arn:aws:s3:::files/secret/a" with an explicit deny in an identity-based policy`,
  })
})

test('a role without policies grants nothing', async (t) => {
  const { credentials, logins, s3 } = await start(t, { iamRoles: [{ roleArn: role('user'), policies: [] }] })
  const ana = await credentials(await logins('ana'))
  const Key = `private/${ana.identityId}/a.txt`
  await assert.rejects(s3(ana).send(new PutObjectCommand({ Bucket, Key, Body: 'x' })), denied)
})

const taggedRole = {
  roleArn: role('user'),
  assumeRolePolicyDocument: trust(poolId, 'authenticated', [
    'sts:AssumeRoleWithWebIdentity',
    'sts:TagSession',
  ]),
  policies: [allow('s3:PutObject', `${arn}/plans/\${aws:PrincipalTag/plan}/*`)],
}

test('S3 obeys a policy on a tag, which is a claim of the ID token', async (t) => {
  const { credentials, logins, s3 } = await start(t, {
    iamRoles: [taggedRole],
    identityPool: {
      principalTags: { [userPoolProvider]: { principalTags: { plan: 'custom:plan', nick: 'nickname' } } },
    },
  })
  const put = async (plan: unknown, folder: string) =>
    s3(await credentials(await logins('ana', { 'custom:plan': plan }))).send(
      new PutObjectCommand({ Bucket, Key: `plans/${folder}/a.txt`, Body: 'x' }),
    )
  await put('gold', 'gold')
  await put(7, '7')
  await assert.rejects(put('gold', 'silver'), denied)
  await assert.rejects(put('*', 'silver'), denied)
  await assert.rejects(put(undefined, 'gold'), denied)
  await assert.rejects(put({ plan: 'gold' }, 'gold'), denied)
})

test('tags can be mapped later, the default ones too', async (t) => {
  const { credentials, developer, logins, s3 } = await start(t, {
    iamRoles: [
      {
        ...taggedRole,
        policies: [allow('s3:PutObject', `${arn}/\${aws:PrincipalTag/client}/\${aws:PrincipalTag/username}`)],
      },
    ],
  })
  const put = async () =>
    s3(await credentials(await logins('ana'))).send(
      new PutObjectCommand({ Bucket, Key: 'app1/ana', Body: 'x' }),
    )
  await assert.rejects(put(), denied)
  const key = { IdentityPoolId: poolId, IdentityProviderName: userPoolProvider }
  const get = new GetPrincipalTagAttributeMapCommand(key)
  const { $metadata: _, ...before } = await developer.send(get)
  assert.deepEqual(before, { ...key, UseDefaults: false, PrincipalTags: {} })
  const set = new SetPrincipalTagAttributeMapCommand({
    ...key,
    UseDefaults: true,
    PrincipalTags: { plan: 'custom:plan' },
  })
  const { $metadata: __, ...after } = await developer.send(set)
  assert.deepEqual(after, { ...key, UseDefaults: true, PrincipalTags: { plan: 'custom:plan' } })
  assert.deepEqual((await developer.send(get)).PrincipalTags, after.PrincipalTags)
  await put()
  for (const IdentityProviderName of ['graph.facebook.com', '__proto__'])
    await assert.rejects(
      developer.send(new SetPrincipalTagAttributeMapCommand({ ...key, IdentityProviderName })),
      {
        name: 'InvalidParameterException',
      },
    )
})

test('tags need sts:TagSession in the trust policy', async (t) => {
  const { credentials, logins } = await start(t, {
    iamRoles: [{ ...taggedRole, assumeRolePolicyDocument: trust(poolId, 'authenticated') }],
    identityPool: { principalTags: { [userPoolProvider]: { useDefaults: true } } },
  })
  await assert.rejects(credentials(await logins('ana')), badConfiguration)
})

test("tags of the developer's backend count as those of claims", async (t) => {
  const { developer, credentials, s3 } = await start(t, {
    iamRoles: [taggedRole],
    identityPool: { developerProviderName: 'login.example.jp' },
  })
  const { Token = '' } = await developer.send(
    new GetOpenIdTokenForDeveloperIdentityCommand({
      IdentityPoolId: poolId,
      Logins: { 'login.example.jp': 'member-42' },
      PrincipalTags: { plan: 'gold' },
    }),
  )
  const member = s3(await credentials({ 'cognito-identity.amazonaws.com': Token }))
  await member.send(new PutObjectCommand({ Bucket, Key: 'plans/gold/a.txt', Body: 'x' }))
  await assert.rejects(
    member.send(new PutObjectCommand({ Bucket, Key: 'plans/tin/a.txt', Body: 'x' })),
    denied,
  )
})

for (const [what, assumeRolePolicyDocument] of [
  ['another identity pool', trust('us-east-1:00000000-0000-4000-8000-000000000000', 'authenticated')],
  ['guests only', trust(poolId, 'unauthenticated')],
  ['users of another provider', trust(poolId, 'graph.facebook.com')],
  ['another action', trust(poolId, 'authenticated', 'sts:AssumeRole')],
  [
    'another principal',
    { Statement: { Effect: 'Allow', Action: '*', Principal: { Federated: 'accounts.google.com' } } },
  ],
] as const) {
  test(`a role that trusts ${what} makes the pool badly set up`, async (t) => {
    const { credentials, logins } = await start(t, {
      iamRoles: [{ roleArn: role('user'), assumeRolePolicyDocument }],
    })
    await assert.rejects(credentials(await logins('ana')), badConfiguration)
  })
}

test('a role may trust the users of one provider, or one identity', async (t) => {
  const { local, credentials, logins } = await start(t, {
    iamRoles: [{ roleArn: role('user'), assumeRolePolicyDocument: trust(poolId, 'graph.*') }],
    identityPool: { supportedLoginProviders: { 'graph.facebook.com': 'fb1' } },
  })
  const token = await local.issueProviderToken('graph.facebook.com', { sub: 'a1' })
  assert.match((await credentials({ 'graph.facebook.com': token })).accessKeyId, /^ASIA/)
  await assert.rejects(credentials(await logins('ana')), badConfiguration)
})

test('a role that nobody described does not exist, once any is', async (t) => {
  const { credentials, logins } = await start(t, { iamRoles: [{ roleArn: role('user') }] })
  assert.match((await credentials(await logins('ana'))).accessKeyId, /^ASIA/)
  await assert.rejects(credentials(), badConfiguration)
  const other = await logins('ana', { 'cognito:preferred_role': role('staff') })
  await assert.rejects(credentials(other), badConfiguration)
})

for (const region of ['cn-north-1', 'us-gov-west-1', 'eusc-de-east-1']) {
  test(`in ${region} too each identity has its own objects, and the developer administers the pool`, async (t) => {
    const { local, identityPoolId, developer, credentials, s3 } = await startPool(t, {
      userPoolId: `${region}_Local0001`,
      allowUnauthenticatedIdentities: true,
    })
    const guest = await credentials()
    const put = (folder: string) =>
      s3(guest).send(new PutObjectCommand({ Bucket, Key: `private/${folder}/a.txt`, Body: 'x' }))
    await put(guest.identityId)
    await assert.rejects(put('other'), {
      message: /on resource: "arn:aws-[a-z-]+:s3:::files\/private\/other\/a\.txt"/,
    })
    const { IdentityPoolId } = await developer.send(
      new DescribeIdentityPoolCommand({ IdentityPoolId: identityPoolId }),
    )
    assert.equal(IdentityPoolId, local.identityPool.identityPoolId)
  })
}
