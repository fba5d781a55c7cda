import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AdminDisableUserCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { LocalCognitoOptions } from '../../../../src/local/index.ts'
import { allFlows, ana, invalid, notAuthorized, refused, stage, wrongPassword, type Stage } from '../stage.ts'

const newPassword = 'N3w-pass-phrase!'
const expired = 'Invalid code provided, please request a code again.'
const mismatch = 'Invalid verification code provided, please try again.'
const wrongState = 'User password cannot be reset in the current state.'
const nowhere = 'Cannot reset password for the user as there is no registered/verified email or phone_number'

const open = {
  clientId: 'legacy1',
  explicitAuthFlows: allFlows,
  preventUserExistenceErrors: 'LEGACY' as const,
}
const hiding = { clientId: 'public1', explicitAuthFlows: allFlows }
const clients = [hiding, open]

const forgot = ({ sdk }: Stage, Username = 'ana', ClientId = 'public1') =>
  sdk.send(new ForgotPasswordCommand({ ClientId, Username, ClientMetadata: { from: 'web' } }))

const confirm = (
  { sdk }: Stage,
  ConfirmationCode: string | undefined,
  { Username = 'ana', ClientId = 'public1', Password = newPassword } = {},
) => sdk.send(new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode, Password }))

const signIn = (on: Stage, password: string, username = 'ana') =>
  on.initiate('USER_PASSWORD_AUTH', { USERNAME: username, PASSWORD: password })

const codeTo = ({ local }: Stage, to = ana.email) => local.outbox.latest(to)?.code

test('a forgotten password is replaced with a code that came by e-mail', async (t) => {
  const on = await stage(t, { clients })
  const { CodeDeliveryDetails } = await forgot(on)
  assert.deepEqual(CodeDeliveryDetails, {
    AttributeName: 'email',
    DeliveryMedium: 'EMAIL',
    Destination: 'a***@e***',
  })
  // The old one works until then.
  assert.notEqual((await signIn(on, ana.password)).AuthenticationResult, undefined)
  const code = codeTo(on)
  await confirm(on, code)
  await refused(signIn(on, ana.password), notAuthorized, wrongPassword)
  assert.notEqual((await signIn(on, newPassword)).AuthenticationResult, undefined)
  await refused(confirm(on, code), 'ExpiredCodeException', expired)
})

test('the code lives for an hour, fits one password only, and survives a password that breaks the policy', async (t) => {
  const on = await stage(t, { clients })
  await refused(confirm(on, '123456'), 'ExpiredCodeException', expired)
  await forgot(on)
  const code = codeTo(on)
  await refused(confirm(on, 'wrong'), 'CodeMismatchException', mismatch)
  await refused(
    confirm(on, code, { Password: 'short' }),
    'InvalidPasswordException',
    'Password did not conform with policy: Password not long enough',
  )
  on.local.clock.advance(3600)
  await refused(confirm(on, code), 'ExpiredCodeException', expired)
  await forgot(on)
  await confirm(on, codeTo(on))
})

test('passwords that the policy remembers are refused, to those who have the code', async (t) => {
  const on = await stage(t, {
    clients,
    userPool: { policies: { passwordPolicy: { passwordHistorySize: 3 } } },
  })
  await forgot(on)
  await refused(confirm(on, 'guess', { Password: ana.password }), 'CodeMismatchException', mismatch)
  await refused(
    confirm(on, codeTo(on), { Password: ana.password }),
    'PasswordHistoryPolicyViolationException',
    'Password has previously been used.',
  )
})

test('the code goes to what the pool recovers accounts with', async (t) => {
  const byPhone = { recoveryMechanisms: [{ name: 'verified_phone_number' as const, priority: 1 }] }
  const on = await stage(t, { clients, userPool: { accountRecoverySetting: byPhone } })
  const { CodeDeliveryDetails } = await forgot(on)
  assert.deepEqual(CodeDeliveryDetails, {
    AttributeName: 'phone_number',
    DeliveryMedium: 'SMS',
    Destination: '+********7890',
  })
  await confirm(on, codeTo(on, ana.phoneNumber))
})

const hopeless: [string, LocalCognitoOptions, string, string][] = [
  [
    'a temporary password',
    { users: [{ ...ana, status: 'FORCE_CHANGE_PASSWORD' }] },
    notAuthorized,
    wrongState,
  ],
  ['no address', { users: [{ username: 'ana', password: ana.password }] }, invalid, nowhere],
  [
    'an address that is not verified',
    {
      users: [
        {
          username: 'ana',
          password: ana.password,
          attributes: { email: ana.email, email_verified: 'false' },
        },
      ],
    },
    invalid,
    nowhere,
  ],
  ['no right to sign in', { users: [{ ...ana, enabled: false }] }, notAuthorized, 'User is disabled.'],
  [
    'nobody but administrators to help',
    { userPool: { accountRecoverySetting: { recoveryMechanisms: [{ name: 'admin_only', priority: 1 }] } } },
    notAuthorized,
    'Contact administrator to reset password.',
  ],
]
for (const [what, options, name, message] of hopeless) {
  test(`a user with ${what} gets no code, and a LEGACY client hears why`, async (t) => {
    const on = await stage(t, { clients, ...options })
    await refused(forgot(on, 'ana', 'legacy1'), name, message)
    assert.deepEqual(on.local.outbox.messages(), [])
  })
}

test('a hidden user looks the same whether unknown, disabled or without an address', async (t) => {
  const users = [
    { ...ana, enabled: false },
    { username: 'bo', password: ana.password },
  ]
  const on = await stage(t, { clients, users })
  for (const name of ['ana', 'bo', 'nobody']) {
    await refused(confirm(on, '123456', { Username: name }), 'ExpiredCodeException', expired)
    const { CodeDeliveryDetails: first } = await forgot(on, name)
    const { CodeDeliveryDetails: second } = await forgot(on, name)
    assert.deepEqual(first, second)
    assert.equal(first?.DeliveryMedium, 'EMAIL')
    assert.match(first.Destination ?? '', /^[a-z]\*\*\*@[a-z]\*\*\*$/)
    await refused(confirm(on, '123456', { Username: name }), 'CodeMismatchException', mismatch)
  }
  assert.deepEqual(on.local.outbox.messages(), [])
  const nobody = 'Username/client id combination not found.'
  await refused(forgot(on, 'nobody', 'legacy1'), 'UserNotFoundException', nobody)
  await refused(
    confirm(on, '1', { Username: 'nobody', ClientId: 'legacy1' }),
    'UserNotFoundException',
    nobody,
  )
})

test('a code is worth nothing once its user is disabled', async (t) => {
  const on = await stage(t, { clients })
  await forgot(on)
  const code = codeTo(on)
  const { userPoolId } = on.local.userPool
  await on.sdk.send(new AdminDisableUserCommand({ UserPoolId: userPoolId, Username: 'ana' }))
  await refused(confirm(on, code), 'ExpiredCodeException', expired)
  await refused(confirm(on, code, { ClientId: 'legacy1' }), notAuthorized, 'User is disabled.')
})

test('codes are neither sent nor guessed without end', async (t) => {
  const on = await stage(t, { clients })
  for (let count = 0; count < 20; count += 1) await forgot(on)
  const limit = 'Attempt limit exceeded, please try after some time.'
  await refused(forgot(on), 'LimitExceededException', limit)
  await refused(confirm(on, codeTo(on)), 'LimitExceededException', limit)
  on.local.clock.advance(3601)
  await forgot(on)
})

test('triggers bring a user who forgot the password elsewhere, and hear of the new one', async (t) => {
  const events: string[] = []
  const on = await stage(t, {
    clients,
    userPool: {
      triggers: {
        userMigration: (event) => {
          events.push(`${event.triggerSource} ${event.userName} ${event.request.password}`)
          const userAttributes = { email: 'cy@example.com', email_verified: 'true' }
          return { ...event, response: { userAttributes, finalUserStatus: 'RESET_REQUIRED' } }
        },
        postConfirmation: (event) => {
          events.push(event.triggerSource)
          return event
        },
      },
    },
  })
  await forgot(on, 'cy')
  await confirm(on, codeTo(on, 'cy@example.com'), { Username: 'cy' })
  assert.notEqual((await signIn(on, newPassword, 'cy')).AuthenticationResult, undefined)
  assert.deepEqual(events, [
    'UserMigration_ForgotPassword cy undefined',
    'PostConfirmation_ConfirmForgotPassword',
  ])
})
