import assert from 'node:assert/strict'
import test from 'node:test'
import {
  ChangePasswordCommand,
  DeleteUserAttributesCommand,
  DeleteUserCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { tokensFor } from '../../domain.ts'
import { allFlows, ana, invalid, notAuthorized, refused, stage, wrongPassword, type Stage } from '../stage.ts'

const newPassword = 'N3w-pass-phrase!'
const mismatch = 'Invalid verification code provided, please try again.'
const limit = 'Attempt limit exceeded, please try after some time.'

async function accessToken(on: Stage, username = 'ana', password = ana.password): Promise<string> {
  const { AuthenticationResult } = await on.initiate('USER_PASSWORD_AUTH', {
    USERNAME: username,
    PASSWORD: password,
  })
  return AuthenticationResult?.AccessToken ?? ''
}

async function profile({ sdk }: Stage, AccessToken: string): Promise<Record<string, string | undefined>> {
  const { UserAttributes = [] } = await sdk.send(new GetUserCommand({ AccessToken }))
  return Object.fromEntries(UserAttributes.map(({ Name = '', Value }) => [Name, Value]))
}

const update = ({ sdk }: Stage, AccessToken: string, attributes: Record<string, string>) =>
  sdk.send(
    new UpdateUserAttributesCommand({
      AccessToken,
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    }),
  )

const remove = ({ sdk }: Stage, AccessToken: string, UserAttributeNames: string[]) =>
  sdk.send(new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames }))

const askCode = ({ sdk }: Stage, AccessToken: string, AttributeName = 'email') =>
  sdk.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName }))

const verify = ({ sdk }: Stage, AccessToken: string, Code: string | undefined, AttributeName = 'email') =>
  sdk.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName, Code }))

test('a password is changed for the old one', async (t) => {
  const on = await stage(t)
  const AccessToken = await accessToken(on)
  const change = (PreviousPassword: string | undefined, ProposedPassword: string) =>
    on.sdk.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword }))
  await refused(change('Wr0ng-pass!', newPassword), notAuthorized, wrongPassword)
  await refused(change(undefined, newPassword), notAuthorized, wrongPassword)
  await refused(
    change(ana.password, 'lower-case-0nly'),
    'InvalidPasswordException',
    'Password did not conform with policy: Password must have uppercase characters',
  )
  await change(ana.password, newPassword)
  // Tokens outlive it, as on Amazon.
  assert.equal((await profile(on, AccessToken))['email'], ana.email)
  assert.notEqual(await accessToken(on, 'ana', newPassword), '')
  await change(newPassword, ana.password)
  await refused(change(ana.password, newPassword), 'LimitExceededException', limit)
})

test('whoever never had a password chooses the first one', async (t) => {
  const { password: _, ...passwordless } = ana
  const on = await stage(t, {
    users: [passwordless],
    userPool: { policies: { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } },
  })
  const question = await on.initiate('USER_AUTH', { USERNAME: 'ana', PREFERRED_CHALLENGE: 'EMAIL_OTP' })
  const code = on.local.outbox.latest()?.code ?? ''
  const answer = await on.respond('EMAIL_OTP', { USERNAME: 'ana', EMAIL_OTP_CODE: code }, question.Session)
  const AccessToken = answer.AuthenticationResult?.AccessToken
  await on.sdk.send(new ChangePasswordCommand({ AccessToken, ProposedPassword: newPassword }))
  assert.notEqual(await accessToken(on, 'ana', newPassword), '')
})

test('attributes are written, and an empty value deletes', async (t) => {
  const on = await stage(t)
  const token = await accessToken(on)
  const { CodeDeliveryDetailsList } = await update(on, token, { name: 'Ana', 'custom:plan': 'gold' })
  assert.deepEqual(CodeDeliveryDetailsList, [])
  assert.equal((await profile(on, token))['custom:plan'], 'gold')
  await update(on, token, { 'custom:plan': '' })
  await remove(on, token, ['name'])
  await refused(update(on, token, { sub: 'x' }), invalid, 'user.sub: Attribute cannot be updated.\n')
  const { sub: _, ...left } = await profile(on, token)
  assert.deepEqual(left, {
    email: ana.email,
    email_verified: 'true',
    phone_number: ana.phoneNumber,
    phone_number_verified: 'true',
  })
  await remove(on, token, ['phone_number'])
  assert.equal('phone_number_verified' in (await profile(on, token)), false)
})

test('a new address is not verified until the code that was sent there is typed', async (t) => {
  const on = await stage(t)
  const token = await accessToken(on)
  const { CodeDeliveryDetailsList } = await update(on, token, { email: 'zoe@example.org' })
  assert.deepEqual(CodeDeliveryDetailsList, [
    { AttributeName: 'email', DeliveryMedium: 'EMAIL', Destination: 'z***@e***' },
  ])
  const unverified = await profile(on, token)
  assert.deepEqual([unverified['email'], unverified['email_verified']], ['zoe@example.org', 'false'])
  await refused(verify(on, token, 'wrong'), 'CodeMismatchException', mismatch)
  const message = on.local.outbox.latest('zoe@example.org')
  assert.equal(message?.purpose, 'ATTRIBUTE')
  await verify(on, token, message.code)
  assert.equal((await profile(on, token))['email_verified'], 'true')
})

test('an address keeps its old value until the code is typed, where the pool says so', async (t) => {
  const on = await stage(t, {
    userPool: {
      userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ['email'] },
    },
  })
  const token = await accessToken(on)
  await update(on, token, { email: 'zoe@example.org', name: 'Zoe' })
  const before = await profile(on, token)
  assert.deepEqual([before['email'], before['email_verified'], before['name']], [ana.email, 'true', 'Zoe'])
  await verify(on, token, on.local.outbox.latest('zoe@example.org')?.code)
  const after = await profile(on, token)
  assert.deepEqual([after['email'], after['email_verified']], ['zoe@example.org', 'true'])
})

test('a code proves the address that it was sent to, and no later one', async (t) => {
  const on = await stage(t)
  const token = await accessToken(on)
  await update(on, token, { email: 'zoe@example.org' })
  const code = on.local.outbox.latest('zoe@example.org')?.code
  await update(on, token, { email: 'mallory@example.org' })
  await remove(on, token, ['email'])
  await update(on, token, { email: 'victim@example.org' })
  assert.equal((await profile(on, token))['email_verified'], 'false')
  const wanted = on.local.outbox.latest('victim@example.org')?.code
  if (code !== wanted) await refused(verify(on, token, code), 'CodeMismatchException', mismatch)
  await verify(on, token, wanted)
})

test('a user asks for the code of his own address, as often as an hour allows', async (t) => {
  const on = await stage(t)
  const token = await accessToken(on)
  const { CodeDeliveryDetails } = await askCode(on, token, 'phone_number')
  assert.deepEqual(CodeDeliveryDetails, {
    AttributeName: 'phone_number',
    DeliveryMedium: 'SMS',
    Destination: '+********7890',
  })
  await verify(on, token, on.local.outbox.latest(ana.phoneNumber)?.code, 'phone_number')
  for (let count = 1; count < 5; count += 1) await askCode(on, token)
  await refused(askCode(on, token), 'LimitExceededException', limit)
  await refused(
    askCode(on, token, 'name'),
    invalid,
    'Invalid attribute name: only email and phone_number can be verified.',
  )
  await refused(
    verify(on, token, '123456', 'phone_number'),
    'ExpiredCodeException',
    'Invalid code provided, please request a code again.',
  )
})

const refusals: [string, Record<string, string>, string, string][] = [
  [
    'a verification',
    { email_verified: 'true' },
    notAuthorized,
    'A client attempted to write unauthorized attribute',
  ],
  [
    'something immutable',
    { 'custom:born': 'x' },
    invalid,
    'user.custom:born: Attribute cannot be updated.\n',
  ],
  [
    'something unknown',
    { 'custom:other': 'x' },
    invalid,
    'user.custom:other: Attribute does not exist in the schema.\n',
  ],
  [
    'nothing in place of something required',
    { email: '' },
    invalid,
    'user.email: Required attribute cannot be deleted.\n',
  ],
  ['no phone number', { phone_number: '123' }, invalid, 'Invalid phone number format.'],
  [
    'what the client may not write',
    { nickname: 'x' },
    notAuthorized,
    'A client attempted to write unauthorized attribute',
  ],
]
for (const [what, attributes, name, message] of refusals) {
  test(`writing ${what} is refused with ${name}`, async (t) => {
    const on = await stage(t, {
      clients: [
        {
          clientId: 'public1',
          explicitAuthFlows: allFlows,
          writeAttributes: ['email', 'phone_number', 'name', 'custom:born', 'custom:other'],
        },
      ],
      userPool: {
        schema: [
          { name: 'email', required: true },
          { name: 'born', mutable: false },
        ],
      },
    })
    const token = await accessToken(on)
    const before = await profile(on, token)
    await refused(update(on, token, attributes), name, message)
    assert.deepEqual(await profile(on, token), before)
  })
}

test('nobody takes an address that somebody else signs in with', async (t) => {
  const bo = { username: 'bo', password: ana.password, email: 'bo@example.com' }
  const taken = 'An account with the given email already exists.'
  const aliases = await stage(t, { users: [ana, bo], userPool: { aliasAttributes: ['email'] } })
  const token = await accessToken(aliases)
  await update(aliases, token, { email: bo.email })
  await refused(
    verify(aliases, token, aliases.local.outbox.latest(bo.email)?.code),
    'AliasExistsException',
    taken,
  )
  const names = await stage(t, {
    users: [
      { ...ana, username: ana.email },
      { ...bo, username: bo.email },
    ],
    userPool: { usernameAttributes: ['email'] },
  })
  const other = await accessToken(names, ana.email)
  await refused(update(names, other, { email: bo.email }), 'AliasExistsException', taken)
})

test('a deleted user is gone, and a new one of the same name is somebody else', async (t) => {
  const on = await stage(t)
  const AccessToken = await accessToken(on)
  const refresh = await on.initiate('USER_PASSWORD_AUTH', { USERNAME: 'ana', PASSWORD: ana.password })
  await on.sdk.send(new DeleteUserCommand({ AccessToken }))
  await refused(
    on.sdk.send(new GetUserCommand({ AccessToken })),
    'UserNotFoundException',
    'User does not exist.',
  )
  await refused(
    on.initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: refresh.AuthenticationResult?.RefreshToken ?? '' }),
    notAuthorized,
    'Refresh Token has been revoked',
  )
  await refused(
    on.initiate('USER_PASSWORD_AUTH', { USERNAME: 'ana', PASSWORD: ana.password }),
    notAuthorized,
    wrongPassword,
  )
})

test('every operation of the profile wants a token of the API', async (t) => {
  const on = await stage(t)
  const { access_token: domainToken } = await tokensFor(on.local)
  const message = 'Access Token does not have required scopes'
  const calls = [
    update(on, domainToken, { name: 'x' }),
    remove(on, domainToken, ['name']),
    askCode(on, domainToken),
    verify(on, domainToken, '1'),
    on.sdk.send(new DeleteUserCommand({ AccessToken: domainToken })),
    on.sdk.send(
      new ChangePasswordCommand({
        AccessToken: domainToken,
        PreviousPassword: ana.password,
        ProposedPassword: newPassword,
      }),
    ),
  ]
  await Promise.all(calls.map((call) => refused(call, notAuthorized, message)))
})
