import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AdminCreateUserCommand,
  AdminResetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { LocalCustomMessageEvent, LocalUserPool } from '../../../src/local/index.ts'
import { refused, stage } from './stage.ts'

/** A pool whose messages are worded by `say`, with everything that it was asked. */
async function worded(
  t: Parameters<typeof stage>[0],
  say: (event: LocalCustomMessageEvent) => LocalCustomMessageEvent['response'],
  userPool: LocalUserPool = {},
) {
  const events: LocalCustomMessageEvent[] = []
  const on = await stage(t, {
    userPool: {
      ...userPool,
      triggers: {
        customMessage(event) {
          events.push(structuredClone(event))
          event.response = say(event)
          return event
        },
      },
    },
  })
  return { ...on, events, sources: () => events.map(({ triggerSource }) => triggerSource) }
}

const french = ({ request }: LocalCustomMessageEvent) => ({
  emailMessage: `Votre code : ${request.codeParameter}`,
  emailSubject: 'Bonjour',
  smsMessage: `Code ${request.codeParameter}`,
})
const who = { ClientId: 'public1', Username: 'eva' }
const Password = 'Passw0rd!'
const UserAttributes = [{ Name: 'email', Value: 'eva@example.com' }]

test('the trigger words the code of a sign-up, and that which is sent again', async (t) => {
  const { sdk, local, events, sources } = await worded(t, french)
  const ClientMetadata = { locale: 'fr' }
  await sdk.send(new SignUpCommand({ ...who, Password, UserAttributes, ClientMetadata }))
  const message = local.outbox.latest('eva@example.com')
  assert.match(message?.code ?? '', /^\d{6}$/)
  assert.deepEqual([message?.subject, message?.body], ['Bonjour', `Votre code : ${message?.code}`])
  const [event] = events
  assert.deepEqual(
    [event?.userName, event?.callerContext.clientId, event?.request.clientMetadata, event?.response],
    ['eva', 'public1', ClientMetadata, { smsMessage: null, emailMessage: null, emailSubject: null }],
  )
  assert.deepEqual(
    [event?.request.codeParameter, event?.request.usernameParameter, event?.request.userAttributes['email']],
    ['{####}', undefined, 'eva@example.com'],
  )
  await sdk.send(new ResendConfirmationCodeCommand(who))
  const again = local.outbox.latest('eva@example.com')
  assert.equal(again?.body, `Votre code : ${again?.code}`)
  assert.deepEqual(sources(), ['CustomMessage_SignUp', 'CustomMessage_ResendCode'])
})

test('it words the codes of forgotten passwords and of attributes, to users and administrators', async (t) => {
  const { sdk, local, events, sources } = await worded(t, french)
  const { userPoolId: UserPoolId } = local.userPool
  await sdk.send(new ForgotPasswordCommand({ ...who, Username: 'ana' }))
  const AccessToken = await local.issueToken({ tokenUse: 'access', username: 'ana' })
  const changed = (Value: string) => [{ Name: 'email', Value }]
  await sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: changed('a@example.com') }))
  await sdk.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'email' }))
  const ana = { UserPoolId, Username: 'ana' }
  await sdk.send(new AdminUpdateUserAttributesCommand({ ...ana, UserAttributes: changed('b@example.com') }))
  await sdk.send(new AdminResetUserPasswordCommand(ana))
  assert.deepEqual(sources(), [
    'CustomMessage_ForgotPassword',
    'CustomMessage_UpdateUserAttribute',
    'CustomMessage_VerifyUserAttribute',
    'CustomMessage_UpdateUserAttribute',
    'CustomMessage_ForgotPassword',
  ])
  assert.deepEqual(
    events.map(({ callerContext }) => callerContext.clientId),
    ['public1', 'public1', 'public1', 'CLIENT_ID_NOT_APPLICABLE', 'CLIENT_ID_NOT_APPLICABLE'],
  )
  const bodies = local.outbox.messages().map(({ medium, body }) => `${medium} ${body}`)
  assert.equal(bodies.length, 5)
  for (const body of bodies) assert.match(body, /^(EMAIL Votre code : |SMS Code )\d{6}$/)
})

test('an invitation needs both placeholders, or it is the usual one', async (t) => {
  let text = 'Hello {username}, {####}'
  const { sdk, local, events } = await worded(t, () => ({ emailMessage: text, emailSubject: 'Welcome' }))
  const invite = (Username: string) =>
    sdk.send(
      new AdminCreateUserCommand({
        UserPoolId: local.userPool.userPoolId,
        Username,
        TemporaryPassword: 'Temp{username}0!',
        UserAttributes,
        DesiredDeliveryMediums: ['EMAIL'],
      }),
    )
  await invite('eva')
  assert.deepEqual(
    [events[0]?.triggerSource, events[0]?.request.usernameParameter],
    ['CustomMessage_AdminCreateUser', '{username}'],
  )
  assert.equal(local.outbox.latest()?.body, 'Hello eva, Temp{username}0!')
  text = 'Hello {username}'
  await invite('eve')
  assert.deepEqual(
    [local.outbox.latest()?.subject, local.outbox.latest()?.body],
    ['Welcome', 'Your username is eve and temporary password is Temp{username}0!'],
  )
})

test('it words codes of a sign-in, by text message and by e-mail', async (t) => {
  const mfa = await worded(t, french, { mfaConfiguration: 'ON', enabledMfas: ['SMS_MFA'] })
  await mfa.initiate('USER_PASSWORD_AUTH', { USERNAME: 'ana', PASSWORD: Password })
  assert.match(mfa.local.outbox.latest('+441234567890')?.body ?? '', /^Code \d{6}$/)
  const policies = {
    signInPolicy: { allowedFirstAuthFactors: ['PASSWORD' as const, 'EMAIL_OTP' as const] },
  }
  const choice = await worded(t, french, { policies })
  await choice.initiate('USER_AUTH', { USERNAME: 'ana', PREFERRED_CHALLENGE: 'EMAIL_OTP' })
  assert.match(choice.local.outbox.latest('ana@example.com')?.body ?? '', /^Votre code : \d{6}$/)
  // Nothing is sent to nobody, and nobody is asked to word it.
  await choice.initiate('USER_AUTH', { USERNAME: 'nobody' })
  await choice.sdk.send(new ForgotPasswordCommand({ ...who, Username: 'nobody' }))
  assert.deepEqual([...mfa.sources(), ...choice.sources()], Array(2).fill('CustomMessage_Authentication'))
})

test('a message without the code, or none, is the usual one', async (t) => {
  const { sdk, local } = await worded(t, () => ({ emailMessage: 'no code', smsMessage: null }))
  await sdk.send(new SignUpCommand({ ...who, Password, UserAttributes }))
  const { subject, body, code } = local.outbox.latest() ?? {}
  assert.deepEqual([subject, body], ['Your verification code', `Your confirmation code is ${code}`])
})

test('what the trigger throws is the refusal of the operation, and nothing is sent', async (t) => {
  const { sdk, local } = await worded(t, () => {
    throw new Error('no template')
  })
  await refused(
    sdk.send(new ForgotPasswordCommand({ ...who, Username: 'ana' })),
    'UserLambdaValidationException',
    'CustomMessage failed with error no template.',
  )
  assert.deepEqual(local.outbox.messages(), [])
})
