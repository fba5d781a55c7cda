import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AdminInitiateAuthCommand,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUserPoolsCommand,
  SetUserPoolMfaConfigCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
} from '@aws-sdk/client-cognito-identity'
import { UserPool } from '../../../../src/index.ts'
import { invalid, refused, stage, type Stage } from '../stage.ts'

const password = 'Passw0rd!'

/** A pool of the API with one client. */
async function newPool({ sdk }: Stage, more: Partial<CreateUserPoolCommandInput> = {}) {
  const { UserPool: made } = await sdk.send(new CreateUserPoolCommand({ PoolName: 'shop', ...more }))
  const UserPoolId = String(made?.Id)
  const { UserPoolClient } = await sdk.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'web',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  )
  return { made, UserPoolId, ClientId: String(UserPoolClient?.ClientId) }
}

test('CreateUserPool makes a pool in which people sign up and sign in', async (t) => {
  const on = await stage(t)
  const { sdk, local } = on
  const { made, UserPoolId, ClientId } = await newPool(on, {
    AutoVerifiedAttributes: ['email'],
    UsernameAttributes: ['email'],
    Schema: [{ Name: 'plan', AttributeDataType: 'String' }],
  })
  assert.match(UserPoolId, /^us-east-1_[0-9A-Za-z]{9}$/)
  assert.deepEqual([made?.Name, made?.Arn?.endsWith(UserPoolId)], ['shop', true])
  const who = { ClientId, Username: 'eva@example.com' }
  const attributes = (Name: string) => [{ Name, Value: 'gold' }]
  const signUp = (Name: string) =>
    sdk.send(new SignUpCommand({ ...who, Password: password, UserAttributes: attributes(Name) }))
  await assert.rejects(signUp('custom:other'), { name: 'InvalidParameterException' })
  await signUp('custom:plan')
  const ConfirmationCode = local.outbox.latest('eva@example.com')?.code
  await sdk.send(new ConfirmSignUpCommand({ ...who, ConfirmationCode }))
  const AuthParameters = { USERNAME: who.Username, PASSWORD: password }
  const { AuthenticationResult } = await sdk.send(
    new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters }),
  )
  const userPool = new UserPool({
    userPoolId: UserPoolId,
    clientId: ClientId,
    issuer: `${local.url}/${UserPoolId}`,
    endpoint: local.url,
  })
  const claims = await userPool.verify(String(AuthenticationResult?.IdToken), { tokenUse: 'id' })
  assert.deepEqual([claims['email'], claims['custom:plan']], ['eva@example.com', 'gold'])
  const identity = new CognitoIdentityClient({ region: 'us-east-1', endpoint: local.url })
  t.after(() => identity.destroy())
  const Logins = {
    [`cognito-idp.us-east-1.amazonaws.com/${UserPoolId}`]: String(AuthenticationResult?.IdToken),
  }
  const { identityPoolId: IdentityPoolId } = local.identityPool
  assert.ok((await identity.send(new GetIdCommand({ IdentityPoolId, Logins }))).IdentityId)
  const login = await fetch(`${local.url}/${UserPoolId}/login`, { redirect: 'manual' })
  assert.equal(login.headers.get('location'), `/${UserPoolId}/error?error=invalid_request`)
})

test('ListUserPools has those of the options and those made, page by page', async (t) => {
  const on = await stage(t, { userPools: [{ userPoolId: 'us-east-1_Second' }] })
  const { UserPoolId } = await newPool(on)
  const first = await on.sdk.send(new ListUserPoolsCommand({ MaxResults: 2 }))
  const { NextToken } = first
  const second = await on.sdk.send(new ListUserPoolsCommand({ MaxResults: 2, NextToken }))
  assert.deepEqual(
    [...(first.UserPools ?? []), ...(second.UserPools ?? [])].map(({ Id, Name }) => [Id, Name]),
    [
      ['us-east-1_Local0001', 'Local0001'],
      ['us-east-1_Second', 'Second'],
      [UserPoolId, 'shop'],
    ],
  )
  assert.equal(second.NextToken, undefined)
  await on.local.reset()
  assert.equal((await on.sdk.send(new ListUserPoolsCommand({ MaxResults: 9 }))).UserPools?.length, 2)
})

test('a pool of the API has the defaults of the API', async (t) => {
  const on = await stage(t)
  const { UserPoolId } = await newPool(on)
  const { UserPool: pool } = await on.sdk.send(new DescribeUserPoolCommand({ UserPoolId }))
  assert.deepEqual(
    [pool?.AutoVerifiedAttributes, pool?.MfaConfiguration, pool?.DeletionProtection],
    [undefined, 'OFF', 'INACTIVE'],
  )
  assert.equal(pool?.Policies?.PasswordPolicy?.RequireSymbols, true)
  const weak = { Policies: { PasswordPolicy: { MinimumLength: 6 } } }
  const { ClientId } = await newPool(on, weak)
  await on.sdk.send(new SignUpCommand({ ClientId, Username: 'eva', Password: 'secret' }))
})

test('UpdateUserPool changes what it names and puts the rest back to the default', async (t) => {
  const on = await stage(t)
  const { UserPoolId, ClientId } = await newPool(on, { AutoVerifiedAttributes: ['email'] })
  const update = (more: object) => on.sdk.send(new UpdateUserPoolCommand({ UserPoolId, ...more }))
  const described = async () =>
    (await on.sdk.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool ?? {}
  await update({
    PoolName: 'other',
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: true },
  })
  const changed = await described()
  assert.deepEqual(
    [changed.Name, changed.AutoVerifiedAttributes, changed.AdminCreateUserConfig?.AllowAdminCreateUserOnly],
    ['other', undefined, true],
  )
  const signUp = () => on.sdk.send(new SignUpCommand({ ClientId, Username: 'eva', Password: password }))
  await assert.rejects(signUp(), { name: 'NotAuthorizedException' })
  await update({})
  assert.deepEqual([(await described()).Name, (await described()).DeviceConfiguration], ['other', undefined])
  await signUp()
})

test('MFA needs a factor: text messages come with the pool, apps are switched on later', async (t) => {
  const on = await stage(t)
  const SmsConfiguration = { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms' }
  const needs = 'SMS configuration is required when MFA is required or optional.'
  await refused(newPool(on, { MfaConfiguration: 'ON' }), invalid, needs)
  const { UserPoolId } = await newPool(on, { MfaConfiguration: 'OPTIONAL', SmsConfiguration })
  await on.sdk.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId,
      MfaConfiguration: 'ON',
      SoftwareTokenMfaConfiguration: { Enabled: true },
    }),
  )
  const update = new UpdateUserPoolCommand({ UserPoolId, MfaConfiguration: 'OPTIONAL' })
  await on.sdk.send(update)
  const { UserPool: pool } = await on.sdk.send(new DescribeUserPoolCommand({ UserPoolId }))
  assert.equal(pool?.MfaConfiguration, 'OPTIONAL')
})

test('DeleteUserPool takes everybody and everything in it along', async (t) => {
  const on = await stage(t)
  const { sdk, local } = on
  const { UserPoolId, ClientId } = await newPool(on)
  const { userPoolId, clientId } = local.userPool
  const { AuthenticationResult } = await on.initiate('USER_PASSWORD_AUTH', {
    USERNAME: 'ana',
    PASSWORD: password,
  })
  for (const id of [UserPoolId, userPoolId]) {
    await sdk.send(new DeleteUserPoolCommand({ UserPoolId: id }))
    for (const refusal of [
      sdk.send(new DescribeUserPoolCommand({ UserPoolId: id })),
      sdk.send(new DeleteUserPoolCommand({ UserPoolId: id })),
      sdk.send(new CreateGroupCommand({ UserPoolId: id, GroupName: 'g' })),
      sdk.send(
        new AdminInitiateAuthCommand({ UserPoolId: id, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' }),
      ),
    ])
      await refused(refusal, 'ResourceNotFoundException', `User pool ${id} does not exist.`)
    const jwks = await fetch(`${local.url}/${id}/.well-known/jwks.json`)
    assert.equal(jwks.status, 404)
  }
  for (const id of [ClientId, clientId]) {
    const signUp = sdk.send(new SignUpCommand({ ClientId: id, Username: 'eva', Password: password }))
    await assert.rejects(signUp, { name: 'ResourceNotFoundException' })
  }
  const { AccessToken } = AuthenticationResult ?? {}
  await assert.rejects(sdk.send(new GetUserCommand({ AccessToken })), { name: 'UserNotFoundException' })
  assert.equal((await fetch(`${local.url}/oauth2/authorize`)).status, 404)
  assert.deepEqual((await sdk.send(new ListUserPoolsCommand({ MaxResults: 1 }))).UserPools, [])
  await assert.rejects(local.issueToken({ tokenUse: 'id' }), { name: 'ConfigurationError' })
  await local.reset()
  await on.initiate('USER_PASSWORD_AUTH', { USERNAME: 'ana', PASSWORD: password })
})

test('a protected pool cannot be deleted until the protection is taken off', async (t) => {
  const on = await stage(t)
  const { UserPoolId } = await newPool(on, { DeletionProtection: 'ACTIVE' })
  const remove = () => on.sdk.send(new DeleteUserPoolCommand({ UserPoolId }))
  await assert.rejects(remove(), { name: 'InvalidParameterException' })
  await on.sdk.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: 'INACTIVE' }))
  await remove()
})

test('a pool cannot be made of contradictions, nor of Lambda functions', async (t) => {
  const on = await stage(t, { userPool: { triggers: { preSignUp: (event) => event } } })
  const wrong: Partial<CreateUserPoolCommandInput>[] = [
    { UsernameAttributes: ['email'], AliasAttributes: ['email'] },
    { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] } },
    { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['EMAIL_OTP'] } } },
    { Schema: [{ Name: 'plan', Required: true }] },
    { Schema: [{ Name: 'plan' }, { Name: 'custom:plan' }] },
    { LambdaConfig: { PreSignUp: 'arn:aws:lambda:us-east-1:000000000000:function:f' } },
  ]
  for (const more of wrong) await assert.rejects(newPool(on, more), { name: 'InvalidParameterException' })
  await refused(
    newPool(on, { PoolName: 'a/b' }),
    invalid,
    "1 validation error detected: Value 'a/b' at 'poolName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w\\s+=,.@-]+",
  )
  assert.equal((await on.sdk.send(new ListUserPoolsCommand({ MaxResults: 9 }))).UserPools?.length, 1)
  // What DescribeUserPool says may be sent back.
  const { userPoolId: UserPoolId } = on.local.userPool
  const { UserPool: pool } = await on.sdk.send(new DescribeUserPoolCommand({ UserPoolId }))
  await on.sdk.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig: pool?.LambdaConfig }))
  const again = await on.sdk.send(new DescribeUserPoolCommand({ UserPoolId }))
  assert.deepEqual(Object.keys(again.UserPool?.LambdaConfig ?? {}), ['PreSignUp'])
})

test('whoever may administrate one pool by a policy may not touch another', async (t) => {
  const roleArn = 'arn:aws:iam::000000000000:role/administrator'
  const second = 'us-east-1_Second'
  const Resource = `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${second}`
  const on = await stage(t, {
    userPools: [{ userPoolId: second }],
    identityPool: { roles: { authenticated: roleArn } },
    iamRoles: [
      {
        roleArn,
        policies: [
          {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'cognito-idp:*', Resource }],
          },
        ],
      },
    ],
  })
  const identity = new CognitoIdentityClient({ region: 'us-east-1', endpoint: on.local.url })
  const Logins = {
    'cognito-idp.us-east-1.amazonaws.com/us-east-1_Local0001': await on.local.issueToken({ tokenUse: 'id' }),
  }
  const { identityPoolId: IdentityPoolId } = on.local.identityPool
  const { IdentityId } = await identity.send(new GetIdCommand({ IdentityPoolId, Logins }))
  const { Credentials } = await identity.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }))
  const administrator = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint: on.local.url,
    maxAttempts: 1,
    credentials: {
      accessKeyId: String(Credentials?.AccessKeyId),
      secretAccessKey: String(Credentials?.SecretKey),
      sessionToken: String(Credentials?.SessionToken),
    },
  })
  t.after(() => {
    identity.destroy()
    administrator.destroy()
  })
  await administrator.send(new UpdateUserPoolCommand({ UserPoolId: second, PoolName: 'changed' }))
  const first = on.local.userPool.userPoolId
  for (const refusal of [
    administrator.send(new UpdateUserPoolCommand({ UserPoolId: first })),
    administrator.send(new DeleteUserPoolCommand({ UserPoolId: first })),
    administrator.send(new CreateUserPoolCommand({ PoolName: 'p' })),
    administrator.send(new ListUserPoolsCommand({ MaxResults: 1 })),
  ])
    await assert.rejects(refusal, { name: 'AccessDeniedException' })
  await administrator.send(new DeleteUserPoolCommand({ UserPoolId: second }))
})

test('operations on pools must be signed by somebody who is known', async (t) => {
  const on = await stage(t)
  const stranger = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint: on.local.url,
    credentials: { accessKeyId: 'AKIA0000000000000001', secretAccessKey: 'x' },
    maxAttempts: 1,
  })
  t.after(() => stranger.destroy())
  const UserPoolId = on.local.userPool.userPoolId
  for (const command of [
    new CreateUserPoolCommand({ PoolName: 'p' }),
    new UpdateUserPoolCommand({ UserPoolId }),
    new DeleteUserPoolCommand({ UserPoolId }),
    new ListUserPoolsCommand({ MaxResults: 1 }),
  ])
    await assert.rejects(stranger.send(command as ListUserPoolsCommand), {
      name: 'UnrecognizedClientException',
    })
})
