import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDeleteUserAttributesCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmForgotPasswordCommand,
  GetUserCommand,
  SignUpCommand,
  type AdminCreateUserCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { ana, invalid, notAuthorized, refused, stage, wrongPassword, type Stage } from '../stage.ts'

const newPassword = 'N3w-pass-phrase!'
const nobody = 'User does not exist.'

const named = ({ local }: Stage, Username = 'ana') => ({
  UserPoolId: local.userPool.userPoolId,
  Username,
})

const create = (on: Stage, input: Partial<AdminCreateUserCommandInput> = {}) =>
  on.sdk.send(
    new AdminCreateUserCommand({
      ...named(on, 'bo'),
      UserAttributes: [{ Name: 'email', Value: 'bo@example.com' }],
      DesiredDeliveryMediums: ['EMAIL'],
      ...input,
    }),
  )

async function userOf(on: Stage, username = 'ana') {
  const user = await on.sdk.send(new AdminGetUserCommand(named(on, username)))
  const attributes = Object.fromEntries(
    (user.UserAttributes ?? []).map(({ Name = '', Value }) => [Name, Value]),
  )
  return { ...user, attributes }
}

const signIn = (on: Stage, password = ana.password, username = 'ana') =>
  on.initiate('USER_PASSWORD_AUTH', { USERNAME: username, PASSWORD: password })

test('an invited user chooses a password at the first sign-in', async (t) => {
  const on = await stage(t)
  const { User } = await create(on)
  assert.deepEqual([User?.Username, User?.Enabled, User?.UserStatus], ['bo', true, 'FORCE_CHANGE_PASSWORD'])
  assert.deepEqual(
    User?.Attributes?.filter(({ Name }) => Name !== 'sub'),
    [
      { Name: 'email', Value: 'bo@example.com' },
      { Name: 'email_verified', Value: 'false' },
    ],
  )
  assert.equal(User.UserCreateDate instanceof Date, true)
  const message = on.local.outbox.latest('bo@example.com')
  assert.equal(message?.purpose, 'INVITATION')
  assert.match(message.body, /^Your username is bo and temporary password is \S{8}$/)
  const question = await signIn(on, message.code, 'bo')
  assert.equal(question.ChallengeName, 'NEW_PASSWORD_REQUIRED')
  await on.respond('NEW_PASSWORD_REQUIRED', { USERNAME: 'bo', NEW_PASSWORD: newPassword }, question.Session)
  assert.equal((await userOf(on, 'bo')).UserStatus, 'CONFIRMED')
  assert.notEqual((await signIn(on, newPassword, 'bo')).AuthenticationResult, undefined)
})

test('an invitation is sent again with another password, and to users who wait for it only', async (t) => {
  const on = await stage(t)
  await create(on, { TemporaryPassword: 'Temp0rary!' })
  assert.equal(on.local.outbox.latest()?.code, 'Temp0rary!')
  on.local.clock.advance(8 * 86_400)
  await refused(
    signIn(on, 'Temp0rary!', 'bo'),
    notAuthorized,
    'Temporary password has expired and must be reset by an administrator.',
  )
  // Back again: the SDK signs with the time of this machine.
  on.local.clock.advance(-8 * 86_400)
  await create(on, { MessageAction: 'RESEND' })
  const code = on.local.outbox.latest()?.code ?? ''
  assert.notEqual(code, 'Temp0rary!')
  assert.equal((await signIn(on, code, 'bo')).ChallengeName, 'NEW_PASSWORD_REQUIRED')
  await refused(
    create(on, { Username: 'ana', MessageAction: 'RESEND' }),
    'UnsupportedUserStateException',
    'Resend not possible. ana status is not FORCE_CHANGE_PASSWORD',
  )
  await refused(create(on, { Username: 'cy', MessageAction: 'RESEND' }), 'UserNotFoundException', nobody)
})

test('without a medium the invitation goes by text message, and without a number nowhere', async (t) => {
  const on = await stage(t)
  await create(on, { DesiredDeliveryMediums: undefined })
  await create(on, { Username: 'cy', MessageAction: 'SUPPRESS' })
  assert.deepEqual(on.local.outbox.messages(), [])
  const phone = { Name: 'phone_number', Value: '+15555550199' }
  await create(on, { Username: 'di', UserAttributes: [phone], DesiredDeliveryMediums: undefined })
  assert.deepEqual(
    on.local.outbox.messages().map(({ medium, to, username }) => [medium, to, username]),
    [['SMS', '+15555550199', 'di']],
  )
})

const refusals: [string, Partial<AdminCreateUserCommandInput>, string, string][] = [
  ['a name that is taken', { Username: 'ana' }, 'UsernameExistsException', 'User account already exists'],
  [
    'a weak password',
    { TemporaryPassword: 'password' },
    'InvalidPasswordException',
    'Password did not conform with policy: Password must have uppercase characters',
  ],
  [
    'an unknown attribute',
    { UserAttributes: [{ Name: 'shoe_size', Value: '43' }] },
    invalid,
    'Attributes did not conform to the schema: shoe_size: Attribute does not exist in the schema.\n',
  ],
  [
    'an unknown pool',
    { UserPoolId: 'us-east-1_Other0001' },
    'ResourceNotFoundException',
    'User pool us-east-1_Other0001 does not exist.',
  ],
  [
    'an unknown action',
    { MessageAction: 'SHOUT' as never },
    invalid,
    "1 validation error detected: Value 'SHOUT' at 'messageAction' failed to satisfy constraint: Member must satisfy enum value set: [RESEND, SUPPRESS]",
  ],
]
for (const [what, input, name, message] of refusals) {
  test(`a user with ${what} is refused with ${name}`, async (t) => {
    const on = await stage(t)
    await refused(create(on, input), name, message)
    assert.deepEqual(on.local.outbox.messages(), [])
  })
}

test('required attributes may wait for the first sign-in', async (t) => {
  const on = await stage(t, {
    users: [],
    userPool: { schema: [{ name: 'name', required: true }, { name: 'email' }] },
  })
  await create(on, { TemporaryPassword: 'Temp0rary!' })
  const question = await signIn(on, 'Temp0rary!', 'bo')
  assert.equal(question.ChallengeParameters?.['requiredAttributes'], '["userAttributes.name"]')
})

test('an alias that somebody has is taken by force only', async (t) => {
  const on = await stage(t, { userPool: { aliasAttributes: ['email'] } })
  const UserAttributes = [
    { Name: 'email', Value: ana.email },
    { Name: 'email_verified', Value: 'true' },
  ]
  const taken = 'An account with the given email already exists.'
  await refused(create(on, { UserAttributes }), 'AliasExistsException', taken)
  await create(on, { UserAttributes, ForceAliasCreation: true, TemporaryPassword: 'Temp0rary!' })
  assert.equal((await signIn(on, 'Temp0rary!', ana.email)).ChallengeName, 'NEW_PASSWORD_REQUIRED')
})

test('passwordless pools have users without a password at once', async (t) => {
  const on = await stage(t, {
    userPool: { policies: { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } },
  })
  const { User } = await create(on)
  assert.equal(User?.UserStatus, 'CONFIRMED')
  assert.deepEqual(on.local.outbox.messages(), [])
  const { AvailableChallenges } = await on.initiate('USER_AUTH', { USERNAME: 'bo' })
  assert.deepEqual(AvailableChallenges, ['EMAIL_OTP'])
})

test('triggers hear of a user whom an administrator makes', async (t) => {
  const sources: string[] = []
  const on = await stage(t, {
    userPool: {
      triggers: {
        preSignUp: (event) => {
          sources.push(`${event.triggerSource} ${event.callerContext.clientId}`)
          return {
            ...event,
            response: { autoConfirmUser: true, autoVerifyEmail: true, autoVerifyPhone: false },
          }
        },
      },
    },
  })
  const { User } = await create(on)
  assert.deepEqual(sources, ['PreSignUp_AdminCreateUser CLIENT_ID_NOT_APPLICABLE'])
  // Nothing but the first sign-in confirms it.
  assert.equal(User?.UserStatus, 'FORCE_CHANGE_PASSWORD')
  assert.equal((await userOf(on, 'bo')).attributes['email_verified'], 'true')
})

test('an administrator sets a permanent or a temporary password', async (t) => {
  const on = await stage(t)
  const set = (Password: string, Permanent?: boolean, name?: string) =>
    on.sdk.send(new AdminSetUserPasswordCommand({ ...named(on, name), Password, Permanent }))
  await set(newPassword, true)
  assert.notEqual((await signIn(on, newPassword)).AuthenticationResult, undefined)
  await refused(signIn(on), notAuthorized, wrongPassword)
  await set('Temp0rary!')
  assert.equal((await userOf(on)).UserStatus, 'FORCE_CHANGE_PASSWORD')
  assert.equal((await signIn(on, 'Temp0rary!')).ChallengeName, 'NEW_PASSWORD_REQUIRED')
  await refused(
    set('short'),
    'InvalidPasswordException',
    'Password did not conform with policy: Password not long enough',
  )
  await refused(set(newPassword, true, 'nobody'), 'UserNotFoundException', nobody)
})

test('AdminGetUser shows everything, with numbers for times on the wire', async (t) => {
  const on = await stage(t, { users: [{ ...ana, mfa: { sms: true, preferred: 'SMS_MFA' } }] })
  const before = Date.now()
  const user = await userOf(on)
  assert.deepEqual(
    [user.Username, user.Enabled, user.UserStatus, user.PreferredMfaSetting, user.UserMFASettingList],
    ['ana', true, 'CONFIRMED', 'SMS_MFA', ['SMS_MFA']],
  )
  assert.deepEqual([user.attributes['email'], user.attributes['phone_number_verified']], [ana.email, 'true'])
  assert.equal(Math.abs((user.UserCreateDate?.getTime() ?? 0) - before) < 60_000, true, 'created just now')
  await refused(on.sdk.send(new AdminGetUserCommand(named(on, 'nobody'))), 'UserNotFoundException', nobody)
})

test('a disabled user is out at once, and comes back with a new sign-in', async (t) => {
  const on = await stage(t)
  const { AuthenticationResult } = await signIn(on)
  const { AccessToken, RefreshToken = '' } = AuthenticationResult ?? {}
  await on.sdk.send(new AdminDisableUserCommand(named(on)))
  await refused(on.sdk.send(new GetUserCommand({ AccessToken })), notAuthorized, 'User is disabled.')
  await refused(signIn(on), notAuthorized, 'User is disabled.')
  await on.sdk.send(new AdminEnableUserCommand(named(on)))
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
  assert.notEqual((await signIn(on)).AuthenticationResult, undefined)
})

test('a deleted user is unknown to everybody', async (t) => {
  const on = await stage(t)
  const { AuthenticationResult } = await signIn(on)
  await on.sdk.send(new AdminDeleteUserCommand(named(on)))
  await refused(on.sdk.send(new AdminDeleteUserCommand(named(on))), 'UserNotFoundException', nobody)
  const { AccessToken } = AuthenticationResult ?? {}
  await refused(on.sdk.send(new GetUserCommand({ AccessToken })), 'UserNotFoundException', nobody)
  await create(on, { Username: 'ana' })
  await refused(on.sdk.send(new GetUserCommand({ AccessToken })), 'UserNotFoundException', nobody)
})

test('an administrator confirms a sign-up, and the address stays unverified', async (t) => {
  const heard: string[] = []
  const on = await stage(t, {
    userPool: {
      triggers: {
        postConfirmation: (event) => {
          heard.push(event.userName)
          return event
        },
      },
    },
  })
  await on.sdk.send(
    new SignUpCommand({
      ClientId: 'public1',
      Username: 'bo',
      Password: newPassword,
      UserAttributes: [{ Name: 'email', Value: 'bo@example.com' }],
    }),
  )
  const confirm = () => on.sdk.send(new AdminConfirmSignUpCommand(named(on, 'bo')))
  await confirm()
  assert.deepEqual(heard, ['bo'])
  const { UserStatus, attributes } = await userOf(on, 'bo')
  assert.deepEqual([UserStatus, attributes['email_verified']], ['CONFIRMED', 'false'])
  assert.notEqual((await signIn(on, newPassword, 'bo')).AuthenticationResult, undefined)
  await refused(confirm(), notAuthorized, 'User cannot be confirmed. Current status is CONFIRMED')
})

test('an administrator writes attributes, verified or to be verified', async (t) => {
  const on = await stage(t)
  const update = (attributes: Record<string, string>) =>
    on.sdk.send(
      new AdminUpdateUserAttributesCommand({
        ...named(on),
        UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      }),
    )
  await update({ email: 'zoe@example.org', email_verified: 'true', 'custom:plan': 'gold' })
  assert.deepEqual(on.local.outbox.messages(), [])
  const { attributes } = await userOf(on)
  assert.deepEqual(
    [attributes['email'], attributes['email_verified'], attributes['custom:plan']],
    ['zoe@example.org', 'true', 'gold'],
  )
  await update({ email: 'max@example.org' })
  assert.equal(on.local.outbox.latest()?.to, 'max@example.org')
  assert.equal((await userOf(on)).attributes['email_verified'], 'false')
  await on.sdk.send(
    new AdminDeleteUserAttributesCommand({ ...named(on), UserAttributeNames: ['custom:plan'] }),
  )
  assert.equal('custom:plan' in (await userOf(on)).attributes, false)
  await refused(update({ sub: 'x' }), invalid, 'user.sub: Attribute cannot be updated.\n')
})

test('a password that an administrator resets works no longer, until the code is typed', async (t) => {
  const on = await stage(t)
  const reset = (name?: string) => on.sdk.send(new AdminResetUserPasswordCommand(named(on, name)))
  await reset()
  assert.equal((await userOf(on)).UserStatus, 'RESET_REQUIRED')
  await refused(signIn(on), 'PasswordResetRequiredException', 'Password reset required for the user')
  await on.sdk.send(
    new ConfirmForgotPasswordCommand({
      ClientId: 'public1',
      Username: 'ana',
      ConfirmationCode: on.local.outbox.latest(ana.email)?.code,
      Password: newPassword,
    }),
  )
  assert.notEqual((await signIn(on, newPassword)).AuthenticationResult, undefined)
  await create(on)
  await refused(reset('bo'), notAuthorized, 'User password cannot be reset in the current state.')
})
