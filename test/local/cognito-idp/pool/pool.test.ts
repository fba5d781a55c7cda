import assert from 'node:assert/strict'
import test from 'node:test'
import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  CognitoIdentityProviderClient,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  DeleteResourceServerCommand,
  DescribeResourceServerCommand,
  DescribeUserPoolCommand,
  ListResourceServersCommand,
  ListUserPoolsCommand,
  ListUsersCommand,
  UpdateResourceServerCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { administration } from '../../../../src/local/cognito-idp/admin/operations.ts'
import {
  accountAdministration,
  poolAdministration,
} from '../../../../src/local/cognito-idp/pool/operations.ts'
import { invalid, refused, stage, type Stage } from '../stage.ts'

const poolOf = ({ local }: Stage) => ({ UserPoolId: local.userPool.userPoolId })
const api = (on: Stage) => ({ ...poolOf(on), Identifier: 'https://api.example.com' })

test('the pool is described in the words of the API', async (t) => {
  const on = await stage(t, {
    userPool: {
      aliasAttributes: ['email'],
      mfaConfiguration: 'OPTIONAL',
      deviceConfiguration: { challengeRequiredOnNewDevice: true },
      schema: [{ name: 'plan', mutable: false, stringAttributeConstraints: { maxLength: '10' } }],
      triggers: { preSignUp: (event) => event },
    },
  })
  const { UserPool } = await on.sdk.send(new DescribeUserPoolCommand(poolOf(on)))
  assert.deepEqual(
    [UserPool?.Id, UserPool?.Name, UserPool?.EstimatedNumberOfUsers, UserPool?.MfaConfiguration],
    ['us-east-1_Local0001', 'Local0001', 1, 'OPTIONAL'],
  )
  assert.equal(UserPool?.Arn, 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_Local0001')
  assert.deepEqual([UserPool.AliasAttributes, UserPool.UsernameAttributes], [['email'], undefined])
  assert.deepEqual(UserPool.Policies, {
    PasswordPolicy: {
      MinimumLength: 8,
      RequireLowercase: true,
      RequireNumbers: true,
      RequireSymbols: true,
      RequireUppercase: true,
      TemporaryPasswordValidityDays: 7,
    },
    SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
  })
  assert.deepEqual(UserPool.DeviceConfiguration, {
    ChallengeRequiredOnNewDevice: true,
    DeviceOnlyRememberedOnUserPrompt: false,
  })
  assert.deepEqual(Object.keys(UserPool.LambdaConfig ?? {}), ['PreSignUp'])
  assert.equal(UserPool.SchemaAttributes?.[0]?.Name, 'sub')
  assert.deepEqual(
    UserPool.SchemaAttributes.find(({ Name }) => Name === 'custom:plan'),
    {
      Name: 'custom:plan',
      AttributeDataType: 'String',
      DeveloperOnlyAttribute: false,
      Mutable: false,
      Required: false,
      StringAttributeConstraints: { MaxLength: '10' },
    },
  )
  const { UserPools = [] } = await on.sdk.send(new ListUserPoolsCommand({ MaxResults: 10 }))
  assert.deepEqual(
    UserPools.map(({ Id, Name }) => [Id, Name]),
    [['us-east-1_Local0001', 'Local0001']],
  )
})

test('a resource server is made, changed, described, listed and deleted', async (t) => {
  const on = await stage(t)
  const Scopes = [{ ScopeName: 'read', ScopeDescription: 'Read all' }]
  const wanted = { ...api(on), Name: 'API', Scopes }
  assert.deepEqual((await on.sdk.send(new CreateResourceServerCommand(wanted))).ResourceServer, wanted)
  await refused(
    on.sdk.send(new CreateResourceServerCommand(wanted)),
    invalid,
    'https://api.example.com already exists as resource server in user pool us-east-1_Local0001.',
  )
  await on.sdk.send(new UpdateResourceServerCommand({ ...api(on), Name: 'New' }))
  const changed = { ...api(on), Name: 'New', Scopes: [] }
  assert.deepEqual((await on.sdk.send(new DescribeResourceServerCommand(api(on)))).ResourceServer, changed)
  const { ResourceServers } = await on.sdk.send(
    new ListResourceServersCommand({ ...poolOf(on), MaxResults: 50 }),
  )
  assert.deepEqual(ResourceServers, [changed])
  await on.sdk.send(new DeleteResourceServerCommand(api(on)))
  await refused(
    on.sdk.send(new DescribeResourceServerCommand(api(on))),
    'ResourceNotFoundException',
    'Resource server https://api.example.com does not exist.',
  )
})

test('a machine gets a token for the scopes of a resource server that was made through the API', async (t) => {
  const on = await stage(t)
  await on.sdk.send(
    new CreateResourceServerCommand({
      ...poolOf(on),
      Identifier: 'api',
      Name: 'API',
      Scopes: [{ ScopeName: 'read', ScopeDescription: 'Read all' }],
    }),
  )
  const { UserPoolClient } = await on.sdk.send(
    new CreateUserPoolClientCommand({
      ...poolOf(on),
      ClientName: 'robot',
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: ['api/read'],
    }),
  )
  const { ClientId, ClientSecret } = UserPoolClient ?? {}
  const response = await fetch(`${on.local.url}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${ClientId}:${ClientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'api/read' }),
  })
  const { access_token: token = '' } = (await response.json()) as { access_token?: string }
  assert.match(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(), /"scope":"api\/read"/)
})

test('every operation of administrators must be signed', async (t) => {
  const on = await stage(t)
  const operations = [
    ...Object.keys({ ...administration, ...poolAdministration, ...accountAdministration }),
    'DeleteUserPool',
  ]
  assert.equal(operations.length > 30, true, 'the tables are not empty')
  for (const operation of operations) {
    const response = await fetch(on.local.url, {
      method: 'POST',
      headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` },
      body: '{}',
    })
    const { __type: type } = (await response.json()) as { __type: string }
    assert.deepEqual([response.status, type], [400, 'MissingAuthenticationTokenException'], operation)
  }
})

test('the AWS credentials of a user administrate nothing, unless a policy says so', async (t) => {
  const on = await stage(t)
  const { identityPoolId } = on.local.identityPool
  const identities = new CognitoIdentityClient({ region: 'us-east-1', endpoint: on.local.url })
  t.after(() => identities.destroy())
  const Logins = {
    'cognito-idp.us-east-1.amazonaws.com/us-east-1_Local0001': await on.local.issueToken({ tokenUse: 'id' }),
  }
  const { IdentityId } = await identities.send(new GetIdCommand({ IdentityPoolId: identityPoolId, Logins }))
  const { Credentials } = await identities.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }))
  const user = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint: on.local.url,
    maxAttempts: 1,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  })
  t.after(() => user.destroy())
  await assert.rejects(user.send(new ListUsersCommand(poolOf(on))), {
    name: 'AccessDeniedException',
    message: /cognito-idp:ListUsers/,
  })
})

test('times are numbers of seconds on the wire, and answers are in alphabetical order', async (t) => {
  const on = await stage(t)
  let body = ''
  on.sdk.middlewareStack.add(
    (next) => async (call) => {
      const result = await next(call)
      const { response } = result as { response: { body: AsyncIterable<Buffer> } }
      const chunks: Buffer[] = []
      for await (const chunk of response.body) chunks.push(chunk)
      const whole = Buffer.concat(chunks)
      body = whole.toString('utf8')
      response.body = whole as never
      return result
    },
    { step: 'deserialize', priority: 'low' },
  )
  await on.sdk.send(new ListUsersCommand(poolOf(on)))
  assert.match(
    body,
    /^\{"Users":\[\{"Attributes":\[.+\],"Enabled":true,"UserCreateDate":\d+\.?\d*,"UserLastModifiedDate":\d+\.?\d*,"UserStatus":"CONFIRMED","Username":"ana"\}\]\}$/,
  )
})
