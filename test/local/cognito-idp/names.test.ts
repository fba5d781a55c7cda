import assert from 'node:assert/strict'
import test from 'node:test'
import { createSecretHash } from 'cognito-srp-helper'
import { GetUserCommand, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider'
import type { LocalCognitoOptions, LocalUser } from '../../../src/local/index.ts'
import { claimsOf } from '../domain.ts'
import { ana, invalid, notAuthorized, refused, stage, wrongPassword, type Stage } from './stage.ts'

const password = (on: Stage, USERNAME: string, PASSWORD = ana.password) =>
  on.initiate('USER_PASSWORD_AUTH', { USERNAME, PASSWORD })
const nameIn = async (on: Stage, name: string) =>
  claimsOf((await password(on, name)).AuthenticationResult?.IdToken ?? '')['cognito:username']

test('an alias signs in once it is verified, and the tokens have the internal name', async (t) => {
  const unverified = { username: 'bo', password: ana.password, attributes: { email: 'bo@example.com' } }
  const preferring = { username: 'cy', password: ana.password, attributes: { preferred_username: 'cyril' } }
  const on = await stage(t, {
    userPool: { aliasAttributes: ['email', 'phone_number', 'preferred_username'] },
    users: [ana, unverified, preferring],
  })
  for (const name of ['ana', ana.email, ana.phoneNumber]) assert.equal(await nameIn(on, name), 'ana', name)
  assert.equal(await nameIn(on, 'cyril'), 'cy')
  await refused(password(on, 'bo@example.com'), notAuthorized, wrongPassword)
})

test('without aliases, an e-mail address is nobody’s name', async (t) => {
  await refused(password(await stage(t), ana.email), notAuthorized, wrongPassword)
})

test('where e-mail addresses are the names, the internal name is the sub, and SRP takes it', async (t) => {
  const clientSecret = 'l0calSecretOfTheConfidentialClient'
  const on = await stage(t, {
    userPool: { usernameAttributes: ['email'] },
    users: [{ username: ana.email, password: ana.password }],
    clients: [{ clientId: 'public1' }, { clientId: 'confidential1', clientSecret }],
  })
  const { AuthenticationResult } = await password(on, ana.email)
  const { sub } = claimsOf(AuthenticationResult?.IdToken ?? '')
  assert.equal(claimsOf(AuthenticationResult?.AccessToken ?? '')['username'], sub)
  const { Username } = await on.sdk.send(
    new GetUserCommand({ AccessToken: AuthenticationResult?.AccessToken }),
  )
  assert.equal(Username, sub)
  assert.notEqual((await on.srp(String(sub), ana.password)).AuthenticationResult, undefined)
  const hash = (name: string) => createSecretHash(name, 'confidential1', clientSecret)
  const confidential = { clientId: 'confidential1' }
  const first = await on.initiate(
    'USER_PASSWORD_AUTH',
    { USERNAME: ana.email, PASSWORD: ana.password, SECRET_HASH: hash(ana.email) },
    confidential,
  )
  const refresh = (name: string) => {
    const parameters = {
      REFRESH_TOKEN: first.AuthenticationResult?.RefreshToken ?? '',
      SECRET_HASH: hash(name),
    }
    return on.initiate('REFRESH_TOKEN_AUTH', parameters, confidential)
  }
  await refused(refresh(ana.email), notAuthorized, 'Unable to verify secret hash for client confidential1')
  assert.notEqual((await refresh(String(sub))).AuthenticationResult, undefined)
})

test('names differ by case, unless the pool says otherwise', async (t) => {
  await refused(password(await stage(t), 'ANA'), notAuthorized, wrongPassword)
  const on = await stage(t, {
    userPool: { usernameConfiguration: { caseSensitive: false }, aliasAttributes: ['email'] },
  })
  assert.equal(await nameIn(on, 'ANA'), 'ana')
  assert.equal(await nameIn(on, 'Ana@Example.com'), 'ana')
})

const states: [string, Partial<LocalUser>, string, string][] = [
  ['is not confirmed', { status: 'UNCONFIRMED' }, 'UserNotConfirmedException', 'User is not confirmed.'],
  [
    'must reset the password',
    { status: 'RESET_REQUIRED' },
    'PasswordResetRequiredException',
    'Password reset required for the user',
  ],
  ['is disabled', { enabled: false }, notAuthorized, 'User is disabled.'],
]
for (const [what, state, name, message] of states) {
  test(`who ${what} signs in by no flow, whatever the password`, async (t) => {
    const policies = {
      signInPolicy: { allowedFirstAuthFactors: ['PASSWORD' as const, 'EMAIL_OTP' as const] },
    }
    const on = await stage(t, { users: [{ ...ana, ...state }], userPool: { policies } })
    await refused(password(on, 'ana'), name, message)
    await refused(password(on, 'ana', 'wrong'), name, message)
    await refused(on.srp('ana', ana.password), name, message)
    const choice = { USERNAME: 'ana', PREFERRED_CHALLENGE: 'EMAIL_OTP' }
    await refused(on.initiate('USER_AUTH', choice), name, message)
    assert.equal(on.local.outbox.latest(), undefined)
  })
}

test('a temporary password expires', async (t) => {
  const options: LocalCognitoOptions = {
    users: [{ ...ana, status: 'FORCE_CHANGE_PASSWORD' }],
    userPool: { policies: { passwordPolicy: { temporaryPasswordValidityDays: 1 } } },
  }
  const on = await stage(t, options)
  assert.equal((await password(on, 'ana')).ChallengeName, 'NEW_PASSWORD_REQUIRED')
  on.local.clock.advance(86_400)
  const expired = 'Temporary password has expired and must be reset by an administrator.'
  await refused(password(on, 'ana'), notAuthorized, expired)
  await refused(password(on, 'ana', 'wrong'), notAuthorized, wrongPassword)
})

test('a new password keeps the policy of the pool, is none of the last ones, and missing attributes come with it', async (t) => {
  const on = await stage(t, {
    users: [{ username: 'ana', password: 'Temp0rary!', status: 'FORCE_CHANGE_PASSWORD' }],
    userPool: {
      schema: [
        { name: 'email', required: true },
        { name: 'plan', stringAttributeConstraints: { maxLength: '3' } },
      ],
      policies: { passwordPolicy: { minimumLength: 10, requireSymbols: false, passwordHistorySize: 3 } },
    },
  })
  const question = await password(on, 'ana', 'Temp0rary!')
  assert.equal(question.ChallengeParameters?.['requiredAttributes'], '["userAttributes.email"]')
  const answer = (NEW_PASSWORD: string, more: Record<string, string> = {}) =>
    on.respond('NEW_PASSWORD_REQUIRED', { USERNAME: 'ana', NEW_PASSWORD, ...more }, question.Session)
  const email = { 'userAttributes.email': ana.email }
  const policy = 'Password did not conform with policy: '
  await refused(answer('Short1x', email), 'InvalidPasswordException', `${policy}Password not long enough`)
  await refused(
    answer('nouppercase1', email),
    'InvalidPasswordException',
    `${policy}Password must have uppercase characters`,
  )
  await refused(
    answer('Temp0rary!', email),
    'PasswordHistoryPolicyViolationException',
    'Password has previously been used.',
  )
  await refused(answer('Longenough1'), invalid, 'Invalid attributes given, email is missing')
  const long = { ...email, 'userAttributes.custom:plan': 'four' }
  await refused(
    answer('Longenough1', long),
    invalid,
    'Attributes did not conform to the schema: custom:plan: String must not be longer than 3 characters',
  )
  const { AuthenticationResult } = await answer('Longenough1', email)
  const claims = claimsOf(AuthenticationResult?.IdToken ?? '')
  assert.equal(claims['email'], ana.email)
})

test('wrong passwords lock from the fifth on, each time twice as long, for the right one too; quiet ends it', async (t) => {
  const on = await stage(t)
  const exceeded = 'Password attempts exceeded'
  for (let round = 0; round < 5; round += 1)
    await refused(password(on, 'ana', 'x'), notAuthorized, wrongPassword)
  // The short locks are only waited for: a busy machine may outlast them.
  for (const seconds of [1, 2, 4, 8, 16, 32]) {
    on.local.clock.advance(seconds)
    await refused(password(on, 'ana', 'x'), notAuthorized, wrongPassword)
  }
  await refused(password(on, 'ana'), notAuthorized, exceeded)
  await refused(on.srp('ana', ana.password), notAuthorized, exceeded)
  on.local.clock.advance(64)
  await refused(password(on, 'ana', 'x'), notAuthorized, wrongPassword)
  on.local.clock.advance(64)
  await refused(password(on, 'ana'), notAuthorized, exceeded)
  on.local.clock.advance(64 + 900)
  for (let round = 0; round < 4; round += 1)
    await refused(password(on, 'ana', 'x'), notAuthorized, wrongPassword)
  assert.notEqual((await password(on, 'ana')).AuthenticationResult, undefined)
  // A success forgets the failures.
  for (let round = 0; round < 4; round += 1)
    await refused(password(on, 'ana', 'x'), notAuthorized, wrongPassword)
  assert.notEqual((await password(on, 'ana')).AuthenticationResult, undefined)
})

test('a client sees only the attributes that it may read, and its tokens live as long as it says', async (t) => {
  const client = {
    clientId: 'public1',
    readAttributes: ['email'],
    accessTokenValiditySeconds: 300,
    idTokenValiditySeconds: 600,
  }
  const on = await stage(t, { clients: [client] })
  const { AuthenticationResult } = await password(on, 'ana')
  const { AccessToken = '', IdToken = '', ExpiresIn } = AuthenticationResult ?? {}
  const [id, access] = [claimsOf(IdToken), claimsOf(AccessToken)]
  assert.deepEqual([id['email'], id['email_verified'], id['phone_number']], [ana.email, undefined, undefined])
  assert.deepEqual(
    [Number(id['exp']) - Number(id['iat']), Number(access['exp']) - Number(access['iat']), ExpiresIn],
    [600, 300, 300],
  )
  const { UserAttributes } = await on.sdk.send(new GetUserCommand({ AccessToken }))
  assert.deepEqual(
    (UserAttributes ?? []).map(({ Name }) => Name),
    ['sub', 'email'],
  )
})

test('a challenge takes as long as the client allows', async (t) => {
  const clients = [{ clientId: 'public1', authSessionValiditySeconds: 900 }]
  const on = await stage(t, { clients, users: [{ ...ana, status: 'FORCE_CHANGE_PASSWORD' }] })
  const question = await password(on, 'ana')
  on.local.clock.advance(899)
  const responses = { USERNAME: 'ana', NEW_PASSWORD: 'N3w-pass-phrase!' }
  assert.notEqual(
    (await on.respond('NEW_PASSWORD_REQUIRED', responses, question.Session)).AuthenticationResult,
    undefined,
  )
})

test('entries of null count as absent, as clients send them', async (t) => {
  const on = await stage(t)
  const body = {
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: 'public1',
    AuthParameters: { USERNAME: 'ana', PASSWORD: ana.password, DEVICE_KEY: null },
  }
  const headers = { 'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth' }
  const response = await fetch(on.local.url, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.equal(response.status, 200)
  await response.arrayBuffer()
  await assert.rejects(
    on.sdk.send(new InitiateAuthCommand({ ...body, AuthParameters: { USERNAME: 'ana' } } as never)),
    { name: invalid },
  )
})
