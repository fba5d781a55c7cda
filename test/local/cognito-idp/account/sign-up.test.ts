import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import test from 'node:test'
import {
  ConfirmSignUpCommand,
  ListUsersCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  type ConfirmSignUpCommandInput,
  type SignUpCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import type { LocalPreSignUpEvent } from '../../../../src/local/index.ts'
import { allFlows, ana, invalid, notAuthorized, refused, stage, type Stage } from '../stage.ts'

const password = 'Passw0rd!'
const legacy = [
  { clientId: 'public1', explicitAuthFlows: allFlows, preventUserExistenceErrors: 'LEGACY' as const },
]
const plain = [
  { clientId: 'public1', explicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
]
const mismatch = 'Invalid verification code provided, please try again.'
const expired = 'Invalid code provided, please request a code again.'

const email = (Value: string) => ({ Name: 'email', Value })

const signUp = ({ sdk }: Stage, input: Partial<SignUpCommandInput> = {}) =>
  sdk.send(
    new SignUpCommand({
      ClientId: 'public1',
      Username: 'bo',
      Password: password,
      UserAttributes: [email('bo@example.com')],
      ...input,
    }),
  )

const confirm = ({ sdk }: Stage, code: string | undefined, input: Partial<ConfirmSignUpCommandInput> = {}) =>
  sdk.send(
    new ConfirmSignUpCommand({ ClientId: 'public1', Username: 'bo', ConfirmationCode: code, ...input }),
  )

const resend = ({ sdk }: Stage, Username = 'bo') =>
  sdk.send(new ResendConfirmationCodeCommand({ ClientId: 'public1', Username }))

const signIn = (on: Stage, username = 'bo') =>
  on.initiate('USER_PASSWORD_AUTH', { USERNAME: username, PASSWORD: password })

const codeTo = ({ local }: Stage, to = 'bo@example.com') => local.outbox.latest(to)?.code

async function attributesOf({ sdk, local }: Stage, username: string) {
  const { Users = [] } = await sdk.send(
    new ListUsersCommand({ UserPoolId: local.userPool.userPoolId, Filter: `username = "${username}"` }),
  )
  return Object.fromEntries((Users[0]?.Attributes ?? []).map(({ Name = '', Value }) => [Name, Value]))
}

test('somebody signs up, confirms the code that came by e-mail, and signs in', async (t) => {
  const on = await stage(t, { clients: plain })
  const answer = await signUp(on)
  assert.deepEqual(
    [answer.UserConfirmed, answer.CodeDeliveryDetails, answer.Session],
    [false, { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'b***@e***' }, undefined],
  )
  assert.match(answer.UserSub ?? '', /^[0-9a-f-]{36}$/)
  const message = on.local.outbox.latest()
  assert.deepEqual([message?.to, message?.purpose, message?.username], ['bo@example.com', 'SIGN_UP', 'bo'])
  await refused(signIn(on), 'UserNotConfirmedException', 'User is not confirmed.')
  const { $metadata: _, ...nothing } = await confirm(on, codeTo(on))
  assert.deepEqual(nothing, {})
  const { AuthenticationResult } = await signIn(on)
  assert.notEqual(AuthenticationResult?.IdToken, undefined)
  assert.deepEqual(await attributesOf(on, 'bo'), {
    sub: answer.UserSub,
    email: 'bo@example.com',
    email_verified: 'true',
  })
})

test('nobody can be confirmed twice, or with another code', async (t) => {
  const on = await stage(t, { clients: plain })
  await signUp(on)
  const code = codeTo(on)
  await refused(confirm(on, code === '000000' ? '000001' : '000000'), 'CodeMismatchException', mismatch)
  await confirm(on, code)
  await refused(confirm(on, code), notAuthorized, 'User cannot be confirmed. Current status is CONFIRMED')
})

test('a code lives for 24 hours, and a new one replaces it', async (t) => {
  const on = await stage(t, { clients: plain })
  await signUp(on)
  const first = codeTo(on)
  const { CodeDeliveryDetails } = await resend(on)
  assert.deepEqual(CodeDeliveryDetails, {
    AttributeName: 'email',
    DeliveryMedium: 'EMAIL',
    Destination: 'b***@e***',
  })
  const second = codeTo(on)
  if (first !== second) await refused(confirm(on, first), 'CodeMismatchException', mismatch)
  on.local.clock.advance(24 * 3600)
  await refused(confirm(on, second), 'ExpiredCodeException', expired)
  await resend(on)
  await confirm(on, codeTo(on))
  await refused(resend(on), invalid, 'User is already confirmed.')
})

test('codes cannot be guessed for long, nor asked for without end', async (t) => {
  const on = await stage(t, { clients: plain })
  await signUp(on)
  const code = codeTo(on)
  for (let count = 0; count < 15; count += 1) {
    await refused(confirm(on, `x${count}`), 'CodeMismatchException', mismatch)
  }
  const limit = 'Attempt limit exceeded, please try after some time.'
  await refused(confirm(on, code), 'LimitExceededException', limit)
  on.local.clock.advance(3601)
  for (let count = 0; count < 5; count += 1) await resend(on)
  await refused(resend(on), 'LimitExceededException', limit)
  await confirm(on, codeTo(on))
})

test('the phone is what a code is sent to where both are verified', async (t) => {
  const userPool = { autoVerifiedAttributes: ['email' as const, 'phone_number' as const] }
  const on = await stage(t, { clients: plain, userPool })
  const both = [email('bo@example.com'), { Name: 'phone_number', Value: '+441234567890' }]
  const { CodeDeliveryDetails } = await signUp(on, { UserAttributes: both })
  assert.deepEqual(CodeDeliveryDetails, {
    AttributeName: 'phone_number',
    DeliveryMedium: 'SMS',
    Destination: '+********7890',
  })
  await confirm(on, codeTo(on, '+441234567890'))
  const { email_verified: byMail, phone_number_verified: byPhone } = await attributesOf(on, 'bo')
  assert.deepEqual([byMail, byPhone], ['false', 'true'])
})

test('without an address that the pool verifies, no code is sent', async (t) => {
  const on = await stage(t, { clients: plain })
  const answer = await signUp(on, { UserAttributes: [] })
  assert.deepEqual([answer.UserConfirmed, answer.CodeDeliveryDetails], [false, undefined])
  assert.deepEqual(on.local.outbox.messages(), [])
  await refused(resend(on), invalid, 'Auto verification not turned on.')
})

const refusals: [string, Partial<SignUpCommandInput>, string, string][] = [
  ['a name that is taken', { Username: 'ana' }, 'UsernameExistsException', 'User already exists'],
  [
    'a password that breaks the policy',
    { Password: 'password' },
    'InvalidPasswordException',
    'Password did not conform with policy: Password must have uppercase characters',
  ],
  ['no password', { Password: undefined }, invalid, 'Password is required.'],
  [
    'a missing attribute',
    { UserAttributes: [] },
    invalid,
    'Attributes did not conform to the schema: email: The attribute is required\n',
  ],
  [
    'an attribute that the pool does not have',
    { UserAttributes: [email('bo@example.com'), { Name: 'custom:other', Value: 'x' }] },
    invalid,
    'Attributes did not conform to the schema: custom:other: Attribute does not exist in the schema.\n',
  ],
  ['a strange address', { UserAttributes: [email('bo')] }, invalid, 'Invalid email address format.'],
  [
    'a verified address',
    { UserAttributes: [email('bo@example.com'), { Name: 'email_verified', Value: 'true' }] },
    notAuthorized,
    'A client attempted to write unauthorized attribute',
  ],
  [
    'an attribute that the client may not write',
    { ClientId: 'narrow1', UserAttributes: [email('bo@example.com'), { Name: 'name', Value: 'Bo' }] },
    notAuthorized,
    'A client attempted to write unauthorized attribute',
  ],
  [
    'an unknown client',
    { ClientId: 'nobody' },
    'ResourceNotFoundException',
    'User pool client nobody does not exist.',
  ],
  [
    'a password with spaces',
    { Password: 'Pass w0rd!' },
    invalid,
    "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\S]+",
  ],
]
for (const [what, input, name, message] of refusals) {
  test(`a sign-up with ${what} is refused with ${name}`, async (t) => {
    const on = await stage(t, {
      userPool: { schema: [{ name: 'email', required: true }] },
      clients: [...plain, { clientId: 'narrow1', writeAttributes: ['email'] }],
    })
    await refused(signUp(on, input), name, message)
    assert.deepEqual(on.local.outbox.messages(), [])
  })
}

test('a pool may keep sign-up to administrators', async (t) => {
  const on = await stage(t, { userPool: { adminCreateUserConfig: { allowAdminCreateUserOnly: true } } })
  await refused(signUp(on), notAuthorized, 'SignUp is not permitted for this user pool')
})

test('a confidential client proves its secret with a hash over the name it sends', async (t) => {
  const clientSecret = 'abcdefghijklmnopqrstuvwx'
  const on = await stage(t, { clients: [{ clientId: 'secret1', clientSecret }] })
  const hash = (name: string) => createHmac('sha256', clientSecret).update(`${name}secret1`).digest('base64')
  const mine = { ClientId: 'secret1' }
  await refused(
    signUp(on, mine),
    notAuthorized,
    'Client secret1 is configured with secret but SECRET_HASH was not received',
  )
  await refused(
    signUp(on, { ...mine, SecretHash: hash('bo@example.com') }),
    notAuthorized,
    'Unable to verify secret hash for client secret1',
  )
  await signUp(on, { ...mine, SecretHash: hash('bo') })
  await confirm(on, codeTo(on), { ...mine, SecretHash: hash('bo') })
})

test('whoever does not exist has a code that is expired; only a LEGACY client is told that there is nobody', async (t) => {
  const hidden = await stage(t, { clients: plain })
  await refused(confirm(hidden, '123456'), 'ExpiredCodeException', expired)
  const { CodeDeliveryDetails } = await resend(hidden)
  assert.deepEqual(
    [CodeDeliveryDetails?.AttributeName, CodeDeliveryDetails?.DeliveryMedium],
    ['email', 'EMAIL'],
  )
  assert.match(CodeDeliveryDetails?.Destination ?? '', /^[a-z]\*\*\*@[a-z]\*\*\*$/)
  assert.deepEqual((await resend(hidden)).CodeDeliveryDetails, CodeDeliveryDetails)
  assert.deepEqual(hidden.local.outbox.messages(), [])
  const open = await stage(t, { clients: legacy })
  const nobody = 'Username/client id combination not found.'
  await refused(confirm(open, '123456'), 'UserNotFoundException', nobody)
  await refused(resend(open), 'UserNotFoundException', nobody)
})

test('where users sign in with their address, it is what they sign up with', async (t) => {
  const on = await stage(t, {
    clients: plain,
    users: [{ ...ana, username: ana.email }],
    userPool: { usernameAttributes: ['email'] },
  })
  await refused(signUp(on), invalid, 'Username should be an email.')
  await refused(
    signUp(on, { Username: ana.email }),
    'UsernameExistsException',
    'An account with the given email already exists.',
  )
  const { UserSub } = await signUp(on, { Username: 'bo@example.com', UserAttributes: [] })
  await confirm(on, codeTo(on), { Username: 'bo@example.com' })
  assert.notEqual((await signIn(on, 'bo@example.com')).AuthenticationResult, undefined)
  const { email: address, sub } = await attributesOf(on, UserSub ?? '')
  assert.deepEqual([address, sub], ['bo@example.com', UserSub])
})

test('names look like no alias, and an alias belongs to one account, which may lose it', async (t) => {
  const on = await stage(t, { clients: plain, userPool: { aliasAttributes: ['email'] } })
  await refused(
    signUp(on, { Username: 'bo@example.com' }),
    invalid,
    'Username cannot be of email format, since user pool is configured for email alias.',
  )
  await signUp(on, { UserAttributes: [email(ana.email)] })
  const code = codeTo(on, ana.email)
  const taken = 'An account with the given email already exists.'
  await refused(confirm(on, code), 'AliasExistsException', taken)
  assert.notEqual((await signIn(on, ana.email)).AuthenticationResult, undefined)
  await confirm(on, code, { ForceAliasCreation: true })
  const { email_verified: verified } = await attributesOf(on, 'ana')
  assert.equal(verified, 'false')
})

test('a client that may use USER_AUTH goes from sign-up to tokens without another code', async (t) => {
  const on = await stage(t)
  const { Session } = await signUp(on)
  const confirmed = await confirm(on, codeTo(on), { Session })
  const { AuthenticationResult } = await on.initiate(
    'USER_AUTH',
    { USERNAME: 'bo' },
    { session: confirmed.Session },
  )
  assert.notEqual(AuthenticationResult?.AccessToken, undefined)
})

test('the session of another sign-up confirms nobody', async (t) => {
  const on = await stage(t)
  const { Session } = await signUp(on, { Username: 'cy', UserAttributes: [email('cy@example.com')] })
  await signUp(on)
  await refused(confirm(on, codeTo(on), { Session }), notAuthorized, 'Invalid session for the user.')
})

test('the pre sign-up trigger confirms and verifies, and the post confirmation trigger hears of it', async (t) => {
  const events: string[] = []
  const on = await stage(t, {
    clients: plain,
    userPool: {
      triggers: {
        preSignUp: (event: LocalPreSignUpEvent) => {
          events.push(`${event.triggerSource} ${event.request.validationData?.['invitation']}`)
          if (event.userName === 'mallory') throw new Error('not invited')
          return {
            ...event,
            response: { autoConfirmUser: true, autoVerifyEmail: true, autoVerifyPhone: true },
          }
        },
        postConfirmation: (event) => {
          events.push(`${event.triggerSource} ${event.userName} ${event.request.clientMetadata?.['from']}`)
          return event
        },
      },
    },
  })
  const answer = await signUp(on, {
    ValidationData: [{ Name: 'invitation', Value: '7' }],
    ClientMetadata: { from: 'web' },
  })
  assert.deepEqual([answer.UserConfirmed, answer.CodeDeliveryDetails], [true, undefined])
  assert.deepEqual(events, ['PreSignUp_SignUp 7', 'PostConfirmation_ConfirmSignUp bo web'])
  assert.equal((await attributesOf(on, 'bo'))['email_verified'], 'true')
  assert.notEqual((await signIn(on)).AuthenticationResult, undefined)
  await refused(
    signUp(on, { Username: 'mallory' }),
    'UserLambdaValidationException',
    'PreSignUp failed with error not invited.',
  )
  await refused(signIn(on, 'mallory'), notAuthorized, 'Incorrect username or password.')
})

test('two sign-ups for one name at the same moment make one user', async (t) => {
  const on = await stage(t, {
    clients: plain,
    userPool: { triggers: { preSignUp: async (event) => Promise.resolve(event) } },
  })
  const outcomes = await Promise.allSettled([signUp(on), signUp(on)])
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
})

test('passwordless pools take users without a password', async (t) => {
  const on = await stage(t, {
    userPool: { policies: { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } },
  })
  await signUp(on, { Password: undefined })
  await confirm(on, codeTo(on))
  const { AvailableChallenges } = await on.initiate('USER_AUTH', { USERNAME: 'bo' })
  assert.deepEqual(AvailableChallenges, ['EMAIL_OTP'])
})
