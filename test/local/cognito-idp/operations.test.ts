import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import test, { after, before } from 'node:test'
import {
  CognitoIdentityProviderClient,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  type AuthFlowType,
} from '@aws-sdk/client-cognito-identity-provider'
import type { LocalCognito } from '../../../src/local/index.ts'
import { ana, claimsOf, clientSecret, start, tokensFor } from '../domain.ts'

let local: LocalCognito
let client: CognitoIdentityProviderClient
before(async () => {
  local = await start({
    clients: [
      { clientId: 'public1' },
      { clientId: 'confidential1', clientSecret },
      { clientId: 'closed', explicitAuthFlows: [] },
      { clientId: 'rotating', refreshTokenRotation: {} },
    ],
  })
  client = new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint: local.url, maxAttempts: 1 })
})
after(async () => {
  client.destroy()
  await local.close()
})

const secretHash = (username: string, clientId = 'confidential1') =>
  createHmac('sha256', clientSecret)
    .update(username + clientId)
    .digest('base64')

async function initiate(
  parameters: Record<string, string>,
  clientId = 'public1',
  flow = 'USER_PASSWORD_AUTH',
) {
  return client.send(
    new InitiateAuthCommand({
      AuthFlow: flow as AuthFlowType,
      ClientId: clientId,
      AuthParameters: parameters,
    }),
  )
}

const credentials = { USERNAME: ana.username, PASSWORD: ana.password }
const refused = (name: string, message: string) => ({ name, message, $metadata: { httpStatusCode: 400 } })

/** `assert.rejects` compares whole values; the metadata has more members than the status. */
async function rejects(promise: Promise<unknown>, name: string, message: string): Promise<void> {
  await assert.rejects(
    promise,
    (error: { name: string; message: string; $metadata: { httpStatusCode?: number } }) => {
      const { httpStatusCode } = error.$metadata
      const got = { name: error.name, message: error.message, $metadata: { httpStatusCode } }
      assert.deepEqual(got, refused(name, message))
      return true
    },
  )
}

async function signIn() {
  const { AuthenticationResult } = await initiate(credentials)
  const { AccessToken = '', IdToken = '', RefreshToken = '' } = AuthenticationResult ?? {}
  return { AccessToken, IdToken, RefreshToken }
}

test('a password gives tokens of the API: its one scope, no version, no at_hash, every attribute', async () => {
  const answer = await initiate(credentials)
  assert.deepEqual(answer.ChallengeParameters, {})
  assert.equal(answer.AuthenticationResult?.ExpiresIn, 3600)
  assert.equal(answer.AuthenticationResult.TokenType, 'Bearer')
  const access = claimsOf(answer.AuthenticationResult.AccessToken ?? '')
  assert.equal(access['scope'], 'aws.cognito.signin.user.admin')
  assert.equal(access['version'], undefined)
  const id = claimsOf(answer.AuthenticationResult.IdToken ?? '')
  assert.deepEqual([id['at_hash'], id['nonce']], [undefined, undefined])
  assert.deepEqual([id['email'], id['name'], id['custom:plan']], ['ana@example.com', 'Ana', '7'])
})

const invalid = 'InvalidParameterException'
const notAuthorized = 'NotAuthorizedException'
const refusals: [string, () => Promise<unknown>, string, string][] = [
  [
    'a wrong password',
    () => initiate({ ...credentials, PASSWORD: 'wrong' }),
    notAuthorized,
    'Incorrect username or password.',
  ],
  [
    'an unknown user',
    () => initiate({ ...credentials, USERNAME: 'nobody' }),
    notAuthorized,
    'Incorrect username or password.',
  ],
  ['a disabled user', () => initiate({ ...credentials, USERNAME: 'cy' }), notAuthorized, 'User is disabled.'],
  [
    'an unknown client',
    () => initiate(credentials, 'nobody'),
    'ResourceNotFoundException',
    'User pool client nobody does not exist.',
  ],
  [
    'a flow that the client does not have',
    () => initiate(credentials, 'closed'),
    invalid,
    'USER_PASSWORD_AUTH flow not enabled for this client',
  ],
  [
    'the refresh flow of a rotating client',
    () => initiate({ REFRESH_TOKEN: 'x' }, 'rotating', 'REFRESH_TOKEN_AUTH'),
    invalid,
    'REFRESH_TOKEN_AUTH flow not enabled for this client',
  ],
  [
    'an administrator’s flow',
    () => initiate(credentials, 'public1', 'ADMIN_USER_PASSWORD_AUTH'),
    invalid,
    'Initiate Auth method not supported',
  ],
  ['a missing password', () => initiate({ USERNAME: 'ana' }), invalid, 'Missing required parameter PASSWORD'],
  [
    'a missing secret hash',
    () => initiate(credentials, 'confidential1'),
    notAuthorized,
    'Client confidential1 is configured with secret but SECRET_HASH was not received',
  ],
  [
    'a secret hash of another user',
    () => initiate({ ...credentials, SECRET_HASH: secretHash('bo') }, 'confidential1'),
    notAuthorized,
    'Unable to verify secret hash for client confidential1',
  ],
  [
    'a secret hash for a public client',
    () => initiate({ ...credentials, SECRET_HASH: secretHash('ana', 'public1') }),
    notAuthorized,
    'Unable to verify secret hash for client public1',
  ],
  [
    'missing members',
    () => client.send(new InitiateAuthCommand({} as never)),
    invalid,
    "2 validation errors detected: Value null at 'authFlow' failed to satisfy constraint: Member must not be null; Value at 'clientId' failed to satisfy constraint: Member must not be null",
  ],
]
for (const [what, call, name, message] of refusals) {
  test(`${what} is refused with ${name}`, () => rejects(call(), name, message))
}

test('an unknown flow names the flows that exist', async () => {
  await assert.rejects(initiate(credentials, 'public1', 'MAGIC'), {
    name: invalid,
    message:
      /^1 validation error detected: Value 'MAGIC' at 'authFlow' .* enum value set: \[USER_PASSWORD_AUTH, /,
  })
})

test('a confidential client signs in and refreshes with secret hashes of the name or the sub', async () => {
  const { AuthenticationResult } = await initiate(
    { ...credentials, SECRET_HASH: secretHash('ana') },
    'confidential1',
  )
  const { RefreshToken = '', IdToken = '' } = AuthenticationResult ?? {}
  for (const name of ['ana', String(claimsOf(IdToken)['sub'])]) {
    const parameters = { REFRESH_TOKEN: RefreshToken, SECRET_HASH: secretHash(name) }
    assert.ok(
      (await initiate(parameters, 'confidential1', 'REFRESH_TOKEN_AUTH')).AuthenticationResult?.IdToken,
    )
  }
  const wrong = { REFRESH_TOKEN: RefreshToken, SECRET_HASH: secretHash('ana@example.com') }
  await rejects(
    initiate(wrong, 'confidential1', 'REFRESH_TOKEN_AUTH'),
    notAuthorized,
    'Unable to verify secret hash for client confidential1',
  )
})

test('a refresh keeps the sign-in and never brings a refresh token', async () => {
  const { IdToken, RefreshToken } = await signIn()
  for (const flow of ['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN']) {
    const { AuthenticationResult } = await initiate({ REFRESH_TOKEN: RefreshToken }, 'public1', flow)
    assert.equal(AuthenticationResult?.RefreshToken, undefined)
    const id = claimsOf(AuthenticationResult?.IdToken ?? '')
    assert.equal(id['origin_jti'], claimsOf(IdToken)['origin_jti'])
    assert.equal(id['auth_time'], claimsOf(IdToken)['auth_time'])
  }
  await rejects(
    initiate({ REFRESH_TOKEN: 'unknown' }, 'public1', 'REFRESH_TOKEN_AUTH'),
    notAuthorized,
    'Invalid Refresh Token',
  )
})

test('tokens of the domain are refreshed through the API too', async () => {
  const { refresh_token: refreshToken } = await tokensFor(local)
  const { AuthenticationResult } = await initiate(
    { REFRESH_TOKEN: refreshToken },
    'public1',
    'REFRESH_TOKEN_AUTH',
  )
  assert.equal(claimsOf(AuthenticationResult?.AccessToken ?? '')['scope'], 'openid email')
})

const respond = (session: string | undefined, responses: Record<string, string>, clientId = 'public1') =>
  client.send(
    new RespondToAuthChallengeCommand({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      ClientId: clientId,
      Session: session,
      ChallengeResponses: responses,
    }),
  )

test('a temporary password leads to the question for a new one, whose session counts once', async (t) => {
  const fresh = await start()
  t.after(() => fresh.close())
  const own = new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint: fresh.url, maxAttempts: 1 })
  t.after(() => own.destroy())
  const temporary = { USERNAME: 'bo', PASSWORD: 'Temp0rary!' }
  const first = new InitiateAuthCommand({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: 'public1',
    AuthParameters: temporary,
  })
  const question = await own.send(first)
  assert.equal(question.ChallengeName, 'NEW_PASSWORD_REQUIRED')
  assert.equal(question.AuthenticationResult, undefined)
  assert.match(question.Session ?? '', /^AYABe[\w-]{20,2000}$/)
  assert.deepEqual(question.ChallengeParameters, {
    USER_ID_FOR_SRP: 'bo',
    requiredAttributes: '[]',
    userAttributes: '{"email":"bo@example.com","email_verified":"true"}',
  })
  const answer = (responses: Record<string, string>) =>
    own.send(
      new RespondToAuthChallengeCommand({
        ChallengeName: 'NEW_PASSWORD_REQUIRED',
        ClientId: 'public1',
        Session: question.Session,
        ChallengeResponses: { USERNAME: 'bo', ...responses },
      }),
    )
  await rejects(
    answer({ NEW_PASSWORD: 'short' }),
    'InvalidPasswordException',
    'Password did not conform with policy: Password not long enough',
  )
  await rejects(
    answer({ NEW_PASSWORD: 'Passw0rd!', 'userAttributes.email_verified': 'true' }),
    invalid,
    'Cannot set the attribute email_verified',
  )
  const done = await answer({ NEW_PASSWORD: 'Passw0rd!', 'userAttributes.name': 'Bo' })
  assert.equal(claimsOf(done.AuthenticationResult?.IdToken ?? '')['name'], 'Bo')
  await rejects(answer({ NEW_PASSWORD: 'Passw0rd!' }), notAuthorized, 'Invalid session for the user.')
  await rejects(own.send(first), notAuthorized, 'Incorrect username or password.')
})

test('a session is worth nothing for another user or client, after three minutes, or made up', async () => {
  const ask = async () => (await initiate({ USERNAME: 'bo', PASSWORD: 'Temp0rary!' })).Session
  const answer = { USERNAME: 'bo', NEW_PASSWORD: 'Passw0rd!' }
  const message = 'Invalid session for the user.'
  await rejects(respond(await ask(), { ...answer, USERNAME: 'ana' }), notAuthorized, message)
  const foreign = { ...answer, SECRET_HASH: secretHash('bo') }
  await rejects(respond(await ask(), foreign, 'confidential1'), notAuthorized, message)
  await rejects(respond('A'.repeat(40), answer), notAuthorized, message)
  await rejects(respond(undefined, answer), invalid, 'Missing required parameter Session')
  const late = await ask()
  local.clock.advance(181)
  await rejects(respond(late, answer), notAuthorized, message)
})

test('GetUser gives the attributes as strings', async () => {
  const { AccessToken } = await signIn()
  const { Username, UserAttributes } = await client.send(new GetUserCommand({ AccessToken }))
  assert.equal(Username, 'ana')
  const attributes = Object.fromEntries((UserAttributes ?? []).map(({ Name = '', Value }) => [Name, Value]))
  assert.equal(attributes['email_verified'], 'true')
  assert.equal(attributes['sub'], claimsOf(AccessToken)['sub'])
})

test('GetUser refuses what is no live access token of the API', async () => {
  const get = (AccessToken: string) => client.send(new GetUserCommand({ AccessToken }))
  const { access_token: domainToken } = await tokensFor(local)
  await rejects(get(domainToken), notAuthorized, 'Access Token does not have required scopes')
  await rejects(get((await signIn()).IdToken), notAuthorized, 'Invalid Access Token')
  await rejects(get('abc'), notAuthorized, 'Invalid Access Token')
  const expired = await local.issueToken({ tokenUse: 'access', expiresInSeconds: -1 })
  await rejects(get(expired), notAuthorized, 'Access Token has expired')
})

test('RevokeToken ends the sign-in of a refresh token', async () => {
  const { AccessToken, RefreshToken } = await signIn()
  const revoke = (Token: string, ClientId: string, ClientSecret?: string) =>
    client.send(new RevokeTokenCommand({ Token, ClientId, ClientSecret }))
  await assert.rejects(revoke(RefreshToken, 'confidential1'), { name: 'UnauthorizedException' })
  await assert.rejects(revoke(RefreshToken, 'confidential1', clientSecret), { name: 'UnauthorizedException' })
  await assert.rejects(revoke(AccessToken, 'public1'), { name: 'UnsupportedTokenTypeException' })
  assert.ok(await client.send(new GetUserCommand({ AccessToken })))
  await revoke(RefreshToken, 'public1')
  await rejects(
    client.send(new GetUserCommand({ AccessToken })),
    notAuthorized,
    'Access Token has been revoked',
  )
  await rejects(
    initiate({ REFRESH_TOKEN: RefreshToken }, 'public1', 'REFRESH_TOKEN_AUTH'),
    notAuthorized,
    'Refresh Token has been revoked',
  )
})

async function raw(target: string, body: string) {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
  const response = await fetch(local.url, { method: 'POST', headers, body })
  return { response, text: await response.text() }
}

const initiateTarget = 'AWSCognitoIdentityProviderService.InitiateAuth'

test('answers are one line of JSON in alphabetical order', async () => {
  const body = { AuthFlow: 'USER_PASSWORD_AUTH', ClientId: 'public1', AuthParameters: credentials }
  const { response, text } = await raw(initiateTarget, JSON.stringify(body))
  assert.equal(response.headers.get('content-type'), 'application/x-amz-json-1.1')
  assert.match(
    text,
    /^\{"AuthenticationResult":\{"AccessToken":"[^"]+","ExpiresIn":3600,"IdToken":"[^"]+","RefreshToken":"[^"]+","TokenType":"Bearer"\},"ChallengeParameters":\{\}\}$/,
  )
})

test('a refusal is in the body and in the headers, readable by web pages', async () => {
  const { response, text } = await raw(
    initiateTarget,
    '{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"nobody"}',
  )
  assert.equal(response.status, 400)
  assert.equal(
    text,
    '{"__type":"ResourceNotFoundException","message":"User pool client nobody does not exist."}',
  )
  assert.equal(response.headers.get('x-amzn-errortype'), 'ResourceNotFoundException:')
  assert.equal(response.headers.get('x-amzn-errormessage'), 'User pool client nobody does not exist.')
  assert.match(response.headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/)
  assert.equal(response.headers.get('access-control-allow-origin'), '*')
  assert.match(response.headers.get('access-control-expose-headers') ?? '', /x-amzn-ErrorType/)
})

for (const [what, target, body, type] of [
  ['an unknown operation', 'AWSCognitoIdentityProviderService.Nothing', '{}', 'UnknownOperationException'],
  [
    'an operation of the prototype',
    'AWSCognitoIdentityProviderService.constructor',
    '{}',
    'UnknownOperationException',
  ],
  ['an unknown service', 'Other.InitiateAuth', '{}', 'UnknownOperationException'],
  ['no JSON', initiateTarget, '{', 'SerializationException'],
  ['no object', initiateTarget, '[]', 'SerializationException'],
  ['a number for a string', initiateTarget, '{"AuthFlow":1,"ClientId":2}', 'SerializationException'],
] as const) {
  test(`${what} is refused with ${type}`, async () => {
    const { response, text } = await raw(target, body)
    assert.equal(response.status, 400)
    assert.equal((JSON.parse(text) as { __type: string }).__type, type)
  })
}

test('browsers may ask before they send the headers of the SDK', async () => {
  const response = await fetch(local.url, { method: 'OPTIONS' })
  assert.equal(response.status, 204)
  assert.match(response.headers.get('access-control-allow-headers') ?? '', /x-amz-target/)
})
