import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import test from 'node:test'
import {
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientsCommand,
  UpdateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider'
import { claimsOf } from '../../domain.ts'
import { ana, invalid, notAuthorized, refused, stage, type Stage } from '../stage.ts'

const poolOf = ({ local }: Stage) => ({ UserPoolId: local.userPool.userPoolId })

async function create(on: Stage, input: Partial<CreateUserPoolClientCommandInput> = {}) {
  const { UserPoolClient = {} } = await on.sdk.send(
    new CreateUserPoolClientCommand({ ...poolOf(on), ClientName: 'web', ...input }),
  )
  return UserPoolClient
}

/** Without what differs from run to run. */
function lasting({ ClientId, ClientSecret, CreationDate, LastModifiedDate, ...rest }: UserPoolClientType) {
  assert.match(ClientId ?? '', /^[0-9a-z]{26}$/)
  assert.equal(CreationDate instanceof Date && LastModifiedDate instanceof Date, true, 'both dates are there')
  return { ...rest, hasSecret: ClientSecret !== undefined }
}

const signIn = (on: Stage, clientId: string | undefined, parameters: Record<string, string> = {}) =>
  on.initiate(
    'USER_PASSWORD_AUTH',
    { USERNAME: 'ana', PASSWORD: ana.password, ...parameters },
    { clientId: clientId ?? '' },
  )

test('a client that is given a name alone has the defaults of the API', async (t) => {
  const on = await stage(t)
  const client = await create(on)
  assert.deepEqual(lasting(client), {
    ...poolOf(on),
    ClientName: 'web',
    AccessTokenValidity: 1,
    IdTokenValidity: 1,
    RefreshTokenValidity: 30,
    TokenValidityUnits: { AccessToken: 'hours', IdToken: 'hours', RefreshToken: 'days' },
    ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    AllowedOAuthFlowsUserPoolClient: false,
    PreventUserExistenceErrors: 'LEGACY',
    EnableTokenRevocation: true,
    EnablePropagateAdditionalUserContextData: false,
    AuthSessionValidity: 3,
    RefreshTokenRotation: { Feature: 'DISABLED' },
    hasSecret: false,
  })
  await refused(signIn(on, client.ClientId), invalid, 'USER_PASSWORD_AUTH flow not enabled for this client')
})

test('a client works at once, with its secret and its lifetimes', async (t) => {
  const on = await stage(t)
  const { ClientId = '', ClientSecret = '' } = await create(on, {
    GenerateSecret: true,
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    AccessTokenValidity: 10,
    TokenValidityUnits: { AccessToken: 'minutes' },
    ReadAttributes: ['email'],
  })
  assert.match(ClientSecret, /^[0-9a-z]{51}$/)
  const hash = createHmac('sha256', ClientSecret).update(`ana${ClientId}`).digest('base64')
  await refused(
    signIn(on, ClientId, { SECRET_HASH: 'made-up' }),
    notAuthorized,
    `Unable to verify secret hash for client ${ClientId}`,
  )
  const { AuthenticationResult } = await signIn(on, ClientId, { SECRET_HASH: hash })
  assert.equal(AuthenticationResult?.ExpiresIn, 600)
  const claims = claimsOf(AuthenticationResult.IdToken ?? '')
  assert.deepEqual([claims['aud'], claims['email'], claims['phone_number']], [ClientId, ana.email, undefined])
})

test('a client of the API signs people in at the domain, when it may', async (t) => {
  const on = await stage(t)
  const oauth = {
    AllowedOAuthFlows: ['code' as const],
    AllowedOAuthScopes: ['openid'],
    CallbackURLs: ['http://localhost:3000/back'],
  }
  const authorize = async (clientId = '') => {
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: 'http://localhost:3000/back',
      scope: 'openid',
    })
    const response = await fetch(`${on.local.url}/oauth2/authorize?${query.toString()}`, {
      redirect: 'manual',
    })
    return response.headers.get('location') ?? ''
  }
  const allowed = await create(on, { ...oauth, AllowedOAuthFlowsUserPoolClient: true })
  assert.match(await authorize(allowed.ClientId), /\/login\?/)
  const silent = await create(on, oauth)
  assert.doesNotMatch(await authorize(silent.ClientId), /\/login\?/)
})

const refusals: [string, Partial<CreateUserPoolClientCommandInput>, string, string][] = [
  [
    'no refresh',
    { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] },
    invalid,
    'REFRESH_TOKEN_AUTH should always be allowed.',
  ],
  [
    'old and new flows',
    { ExplicitAuthFlows: ['USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'] },
    invalid,
    'Values with and without the prefix ALLOW_ cannot be mixed in ExplicitAuthFlows.',
  ],
  [
    'machines and people',
    { AllowedOAuthFlows: ['code', 'client_credentials'], GenerateSecret: true },
    'InvalidOAuthFlowException',
    'client_credentials flow can not be selected along with code flow or implicit flow.',
  ],
  [
    'machines and no secret',
    { AllowedOAuthFlows: ['client_credentials'] },
    'InvalidOAuthFlowException',
    'client_credentials flow can not be selected if client does not have a client secret.',
  ],
  [
    'an unknown scope',
    { AllowedOAuthScopes: ['openid', 'api/read'] },
    'ScopeDoesNotExistException',
    'Invalid scope requested: api/read',
  ],
  [
    'plain http',
    { CallbackURLs: ['http://example.com/back'] },
    invalid,
    'http://example.com/back cannot use the HTTP protocol.',
  ],
  [
    'a script in place of a page',
    { LogoutURLs: ['javascript:alert(1)'] },
    invalid,
    'javascript:alert(1) is not a valid redirect URL.',
  ],
  [
    'a short lifetime',
    { AccessTokenValidity: 4, TokenValidityUnits: { AccessToken: 'minutes' } },
    invalid,
    'Invalid range for token validity.',
  ],
  ['a long lifetime', { IdTokenValidity: 25 }, invalid, 'Invalid range for token validity.'],
  [
    'an unknown provider',
    { SupportedIdentityProviders: ['COGNITO', 'Google'] },
    invalid,
    'The provider Google does not exist for User Pool us-east-1_Local0001.',
  ],
  [
    'an attribute that nobody has',
    { ReadAttributes: ['shoe_size'] },
    invalid,
    'Invalid read attributes specified while creating a client',
  ],
  [
    'no right to write what is required',
    { WriteAttributes: ['name'] },
    invalid,
    'Invalid write attributes specified while creating a client',
  ],
  [
    'two wrong members',
    { ClientName: 'a/b', AuthSessionValidity: 2 },
    invalid,
    "2 validation errors detected: Value '2' at 'authSessionValidity' failed to satisfy constraint: Member must have value greater than or equal to 3; Value 'a/b' at 'clientName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w\\s+=,.@-]+",
  ],
]
for (const [what, input, name, message] of refusals) {
  test(`a client with ${what} is refused with ${name}`, async (t) => {
    const on = await stage(t, { userPool: { schema: [{ name: 'email', required: true }] } })
    await refused(create(on, input), name, message)
  })
}

test('flows of before 2019 mean what they meant', async (t) => {
  const on = await stage(t)
  const { ExplicitAuthFlows } = await create(on, { ExplicitAuthFlows: ['ADMIN_NO_SRP_AUTH'] })
  assert.deepEqual(ExplicitAuthFlows, [
    'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_REFRESH_TOKEN_AUTH',
  ])
})

test('an update resets what it leaves out, and the sign-ins that there are go on', async (t) => {
  const on = await stage(t)
  const { ClientId = '' } = await create(on, {
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    AccessTokenValidity: 2,
  })
  const { AuthenticationResult } = await signIn(on, ClientId)
  const { UserPoolClient = {} } = await on.sdk.send(
    new UpdateUserPoolClientCommand({
      ...poolOf(on),
      ClientId,
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
    }),
  )
  assert.deepEqual(
    [UserPoolClient.ClientName, UserPoolClient.AccessTokenValidity, UserPoolClient.RefreshTokenRotation],
    ['web', 1, { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 }],
  )
  await refused(signIn(on, ClientId), invalid, 'USER_PASSWORD_AUTH flow not enabled for this client')
  const refresh = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: ClientId,
    refresh_token: AuthenticationResult?.RefreshToken ?? '',
  })
  const response = await fetch(`${on.local.url}/oauth2/token`, { method: 'POST', body: refresh })
  const { refresh_token: rotated } = (await response.json()) as { refresh_token?: string }
  assert.equal(typeof rotated, 'string')
  assert.notEqual(rotated, AuthenticationResult?.RefreshToken)
  await refused(
    on.sdk.send(
      new UpdateUserPoolClientCommand({
        ...poolOf(on),
        ClientId,
        ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
        RefreshTokenRotation: { Feature: 'ENABLED' },
      }),
    ),
    invalid,
    'Refresh token rotation cannot be enabled with ALLOW_REFRESH_TOKEN_AUTH.',
  )
})

test('clients are listed, described and deleted, those of the options too', async (t) => {
  const on = await stage(t, {
    clients: [{ clientId: 'public1', clientName: 'site', accessTokenValiditySeconds: 90 }],
  })
  const { ClientId = '' } = await create(on)
  const first = await on.sdk.send(new ListUserPoolClientsCommand({ ...poolOf(on), MaxResults: 1 }))
  const second = await on.sdk.send(
    new ListUserPoolClientsCommand({ ...poolOf(on), MaxResults: 1, NextToken: first.NextToken }),
  )
  assert.deepEqual(
    [first.UserPoolClients, second.UserPoolClients, second.NextToken],
    [
      [{ ...poolOf(on), ClientId: 'public1', ClientName: 'site' }],
      [{ ...poolOf(on), ClientId, ClientName: 'web' }],
      undefined,
    ],
  )
  const named = { ...poolOf(on), ClientId: 'public1' }
  const { UserPoolClient } = await on.sdk.send(new DescribeUserPoolClientCommand(named))
  assert.deepEqual(
    [UserPoolClient?.AccessTokenValidity, UserPoolClient?.TokenValidityUnits?.AccessToken],
    [90, 'seconds'],
  )
  await on.sdk.send(new DeleteUserPoolClientCommand(named))
  const gone = 'User pool client public1 does not exist.'
  await refused(on.sdk.send(new DescribeUserPoolClientCommand(named)), 'ResourceNotFoundException', gone)
  await refused(signIn(on, 'public1'), 'ResourceNotFoundException', gone)
})
