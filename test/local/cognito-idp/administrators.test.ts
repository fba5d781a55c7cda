import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
  GetUserCommand,
  type AuthFlowType,
} from '@aws-sdk/client-cognito-identity-provider'
import { createSecretHash } from 'cognito-srp-helper'
import { ana, invalid, notAuthorized, refused, stage, type Stage } from './stage.ts'

const initiate = (
  { local, sdk }: Stage,
  flow = 'ADMIN_USER_PASSWORD_AUTH',
  { userPoolId = local.userPool.userPoolId, clientId = 'public1', parameters = {} } = {},
  client = sdk,
) =>
  client.send(
    new AdminInitiateAuthCommand({
      UserPoolId: userPoolId,
      ClientId: clientId,
      AuthFlow: flow as AuthFlowType,
      AuthParameters: { USERNAME: 'ana', PASSWORD: ana.password, ...parameters },
    }),
  )

test('a server signs a user in with the user’s password and its own signature', async (t) => {
  const on = await stage(t)
  for (const flow of ['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH']) {
    const { AuthenticationResult, ChallengeParameters } = await initiate(on, flow)
    assert.notEqual(AuthenticationResult?.AccessToken, undefined)
    assert.deepEqual(ChallengeParameters, {})
  }
})

test('a server answers challenges', async (t) => {
  const on = await stage(t, { users: [{ ...ana, status: 'FORCE_CHANGE_PASSWORD' }] })
  const question = await initiate(on)
  assert.equal(question.ChallengeName, 'NEW_PASSWORD_REQUIRED')
  const { AuthenticationResult } = await on.sdk.send(
    new AdminRespondToAuthChallengeCommand({
      UserPoolId: on.local.userPool.userPoolId,
      ClientId: 'public1',
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ChallengeResponses: { USERNAME: 'ana', NEW_PASSWORD: 'N3w-pass-phrase!' },
      Session: question.Session,
    }),
  )
  assert.notEqual(AuthenticationResult, undefined)
})

test('the flow of an administrator must be allowed, as the others, and the password flow of users is none', async (t) => {
  const on = await stage(t, { clients: [{ clientId: 'public1' }] })
  await refused(initiate(on), invalid, 'ADMIN_USER_PASSWORD_AUTH flow not enabled for this client')
  await refused(initiate(on, 'USER_PASSWORD_AUTH'), invalid, 'Initiate Auth method not supported')
})

test('a signature does not replace the secret of a client', async (t) => {
  const clientSecret = 'l0calSecretOfTheConfidentialClient'
  const flows = ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']
  const on = await stage(t, {
    clients: [{ clientId: 'confidential1', clientSecret, explicitAuthFlows: flows }],
  })
  const clientId = 'confidential1'
  await refused(
    initiate(on, undefined, { clientId }),
    notAuthorized,
    'Client confidential1 is configured with secret but SECRET_HASH was not received',
  )
  const parameters = { SECRET_HASH: createSecretHash('ana', clientId, clientSecret) }
  assert.notEqual((await initiate(on, undefined, { clientId, parameters })).AuthenticationResult, undefined)
})

test('another pool does not exist', async (t) => {
  const on = await stage(t)
  const userPoolId = 'us-east-1_Other0001'
  await refused(
    initiate(on, undefined, { userPoolId }),
    'ResourceNotFoundException',
    `User pool ${userPoolId} does not exist.`,
  )
})

for (const [what, credentials, name] of [
  [
    'another secret',
    { accessKeyId: 'AKIA0LOCAL0DEVELOPER', secretAccessKey: 'another' },
    'InvalidSignatureException',
  ],
  [
    'an unknown key',
    { accessKeyId: 'AKIA0LOCAL0SOMEBODY0', secretAccessKey: 'another' },
    'UnrecognizedClientException',
  ],
] as const) {
  test(`a request that is signed with ${what} is refused`, async (t) => {
    const on = await stage(t)
    const other = new CognitoIdentityProviderClient({
      region: 'us-east-1',
      endpoint: on.local.url,
      credentials,
      maxAttempts: 1,
    })
    t.after(() => other.destroy())
    await assert.rejects(initiate(on, undefined, {}, other), { name })
  })
}

test('a request without a signature is refused, also for a Region or service of another', async (t) => {
  const on = await stage(t)
  const operations = [
    'AdminInitiateAuth',
    'AdminRespondToAuthChallenge',
    'AdminUserGlobalSignOut',
    'AdminSetUserMFAPreference',
    'AdminGetDevice',
    'AdminListDevices',
    'AdminUpdateDeviceStatus',
    'AdminForgetDevice',
    'AdminListUserSessions',
    'AdminRevokeUserSession',
  ]
  for (const operation of operations) {
    const response = await fetch(on.local.url, {
      method: 'POST',
      headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` },
      body: '{}',
    })
    const { __type: type } = (await response.json()) as { __type: string }
    assert.deepEqual([response.status, type], [400, 'MissingAuthenticationTokenException'], operation)
  }
  const elsewhere = new CognitoIdentityProviderClient({
    region: 'eu-west-1',
    endpoint: on.local.url,
    credentials: on.local.awsCredentials,
    maxAttempts: 1,
  })
  t.after(() => elsewhere.destroy())
  await assert.rejects(initiate(on, undefined, {}, elsewhere), { name: 'InvalidSignatureException' })
})

test('an administrator signs a user out everywhere', async (t) => {
  const on = await stage(t)
  const { AuthenticationResult } = await initiate(on)
  const named = { UserPoolId: on.local.userPool.userPoolId, Username: 'ana' }
  await on.sdk.send(new AdminUserGlobalSignOutCommand(named))
  const { AccessToken, RefreshToken = '' } = AuthenticationResult ?? {}
  await refused(
    on.sdk.send(new GetUserCommand({ AccessToken })),
    notAuthorized,
    'Access Token has been revoked',
  )
  await refused(
    on.initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: RefreshToken }),
    notAuthorized,
    'Refresh Token has been revoked',
  )
  assert.notEqual((await initiate(on)).AuthenticationResult, undefined)
  await refused(
    on.sdk.send(new AdminUserGlobalSignOutCommand({ ...named, Username: 'nobody' })),
    'UserNotFoundException',
    'User does not exist.',
  )
})
