import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AssociateSoftwareTokenCommand,
  GetUserCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { totp } from '../../../src/local/user-pool/totp.ts'
import type { LocalCognito, LocalUserMfa } from '../../../src/local/index.ts'
import { ana, invalid, invalidSession, notAuthorized, refused, stage } from './stage.ts'

const secretCode = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const softwareToken = { secretCode, friendlyDeviceName: 'phone' }
const password = { USERNAME: 'ana', PASSWORD: ana.password }
const wrongCode = 'Invalid verification code provided, please try again.'
const all = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] as const

const stepOf = (local: LocalCognito) => Math.floor(local.clock.now() / 30_000)
const codeOf = (local: LocalCognito, secret = secretCode) => totp(secret, stepOf(local))
const withMfa = (mfa: LocalUserMfa, mfaConfiguration: 'ON' | 'OPTIONAL' = 'OPTIONAL') => ({
  userPool: { mfaConfiguration, enabledMfas: [...all] },
  users: [{ ...ana, mfa }],
})

test('the codes are those of RFC 6238', () => {
  // The secret of the RFC's test vectors, "12345678901234567890", in base32; of its codes the last six digits.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  const at = (seconds: number) => totp(secret, Math.floor(seconds / 30))
  assert.deepEqual([59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000].map(at), [
    '287082',
    '081804',
    '050471',
    '005924',
    '279037',
    '353130',
  ])
})

test('a code of an authenticator app counts once, half a minute early or late, and no longer', async (t) => {
  const on = await stage(t, withMfa({ softwareToken }))
  const ask = () => on.initiate('USER_PASSWORD_AUTH', password)
  const question = await ask()
  assert.equal(question.ChallengeName, 'SOFTWARE_TOKEN_MFA')
  assert.deepEqual(question.ChallengeParameters, { FRIENDLY_DEVICE_NAME: 'phone', USER_ID_FOR_SRP: 'ana' })
  const answer = (code: string, session = question.Session) =>
    on.respond('SOFTWARE_TOKEN_MFA', { USERNAME: 'ana', SOFTWARE_TOKEN_MFA_CODE: code }, session)
  const step = stepOf(on.local)
  await refused(answer(totp(secretCode, step - 2)), 'CodeMismatchException', wrongCode)
  await refused(answer(totp(secretCode, step + 3)), 'CodeMismatchException', wrongCode)
  // A mistyped code may be typed again under the same session.
  const done = await answer(totp(secretCode, step))
  assert.notEqual(done.AuthenticationResult, undefined)
  await refused(answer(totp(secretCode, step)), notAuthorized, invalidSession)
  const again = await ask()
  const used = 'Your software token has already been used once.'
  await refused(answer(totp(secretCode, step), again.Session), 'ExpiredCodeException', used)
  assert.notEqual((await answer(totp(secretCode, step + 1), again.Session)).AuthenticationResult, undefined)
})

for (const [name, entry, to, shown, mfa] of [
  [
    'SMS_MFA',
    'SMS_MFA_CODE',
    ana.phoneNumber,
    { CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS', CODE_DELIVERY_DESTINATION: '+********7890' },
    { sms: true },
  ],
  [
    'EMAIL_OTP',
    'EMAIL_OTP_CODE',
    ana.email,
    { CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL', CODE_DELIVERY_DESTINATION: 'a***@e***' },
    { email: true },
  ],
] as const) {
  test(`${name} sends a code, shows where to, and takes it once`, async (t) => {
    const on = await stage(t, withMfa(mfa))
    const question = await on.initiate('USER_PASSWORD_AUTH', password)
    assert.equal(question.ChallengeName, name)
    assert.deepEqual(question.ChallengeParameters, { ...shown, USER_ID_FOR_SRP: 'ana' })
    const { code = '', body = '', purpose } = on.local.outbox.latest(to) ?? {}
    assert.match(code, /^\d{6}$/)
    assert.equal(purpose, 'MFA')
    assert.ok(body.includes(code))
    const answer = (value: string) => on.respond(name, { USERNAME: 'ana', [entry]: value }, question.Session)
    await refused(answer(code === '000000' ? '000001' : '000000'), 'CodeMismatchException', wrongCode)
    assert.notEqual((await answer(code)).AuthenticationResult, undefined)
    await refused(answer(code), notAuthorized, invalidSession)
  })
}

test('several factors are a choice, unless one is preferred', async (t) => {
  const on = await stage(t, withMfa({ softwareToken, sms: true }))
  const question = await on.initiate('USER_PASSWORD_AUTH', password)
  assert.equal(question.ChallengeName, 'SELECT_MFA_TYPE')
  assert.equal(question.ChallengeParameters?.['MFAS_CAN_CHOOSE'], '["SMS_MFA","SOFTWARE_TOKEN_MFA"]')
  const choose = (answer: string) =>
    on.respond('SELECT_MFA_TYPE', { USERNAME: 'ana', ANSWER: answer }, question.Session)
  await refused(choose('EMAIL_OTP'), invalid, 'The selected MFA type is not available for the user.')
  const chosen = await choose('SOFTWARE_TOKEN_MFA')
  assert.equal(chosen.ChallengeName, 'SOFTWARE_TOKEN_MFA')
  const preferring = await stage(t, withMfa({ softwareToken, sms: true, preferred: 'SMS_MFA' }))
  assert.equal((await preferring.initiate('USER_PASSWORD_AUTH', password)).ChallengeName, 'SMS_MFA')
})

test('where MFA is optional, users without a factor are not asked', async (t) => {
  const on = await stage(t, withMfa({}))
  assert.notEqual((await on.initiate('USER_PASSWORD_AUTH', password)).AuthenticationResult, undefined)
})

test('where MFA is on, who has no factor must set one up, and the steps hold together', async (t) => {
  const on = await stage(t, { userPool: { mfaConfiguration: 'ON' } })
  const question = await on.initiate('USER_PASSWORD_AUTH', password)
  assert.equal(question.ChallengeName, 'MFA_SETUP')
  assert.equal(question.ChallengeParameters?.['MFAS_CAN_SETUP'], '["SOFTWARE_TOKEN_MFA"]')
  const finish = (session: string | undefined) => on.respond('MFA_SETUP', { USERNAME: 'ana' }, session)
  await refused(finish(question.Session), notAuthorized, invalidSession)
  const { SecretCode = '', Session } = await on.sdk.send(
    new AssociateSoftwareTokenCommand({ Session: question.Session }),
  )
  assert.match(SecretCode, /^[A-Z2-7]{52}$/)
  await refused(finish(question.Session), notAuthorized, invalidSession)
  await refused(finish(Session), notAuthorized, invalidSession)
  const verify = (UserCode: string) => on.sdk.send(new VerifySoftwareTokenCommand({ Session, UserCode }))
  const wrong = totp(SecretCode, stepOf(on.local) + 5)
  await refused(verify(wrong), 'EnableSoftwareTokenMFAException', 'Code mismatch')
  const verified = await verify(codeOf(on.local, SecretCode))
  assert.equal(verified.Status, 'SUCCESS')
  const done = await finish(verified.Session)
  const AccessToken = done.AuthenticationResult?.AccessToken
  const { UserMFASettingList } = await on.sdk.send(new GetUserCommand({ AccessToken }))
  assert.deepEqual(UserMFASettingList, ['SOFTWARE_TOKEN_MFA'])
  assert.equal((await on.initiate('USER_PASSWORD_AUTH', password)).ChallengeName, 'SOFTWARE_TOKEN_MFA')
})

test('an e-mail address can be set up as a factor, with a code that is sent to it', async (t) => {
  const on = await stage(t, {
    userPool: { mfaConfiguration: 'ON', enabledMfas: ['EMAIL_OTP'] },
    users: [{ username: 'ana', password: ana.password }],
  })
  const question = await on.initiate('USER_PASSWORD_AUTH', password)
  assert.equal(question.ChallengeParameters?.['MFAS_CAN_SETUP'], '["EMAIL_OTP"]')
  const asked = await on.respond('MFA_SETUP', { USERNAME: 'ana', EMAIL: 'ana@example.com' }, question.Session)
  assert.equal(asked.ChallengeName, 'EMAIL_OTP')
  const code = on.local.outbox.latest('ana@example.com')?.code ?? ''
  const done = await on.respond('EMAIL_OTP', { USERNAME: 'ana', EMAIL_OTP_CODE: code }, asked.Session)
  assert.notEqual(done.AuthenticationResult, undefined)
})

test('a user who is signed in sets up an authenticator app, which counts once it is switched on', async (t) => {
  const on = await stage(t, withMfa({}))
  const { AuthenticationResult } = await on.initiate('USER_PASSWORD_AUTH', password)
  const AccessToken = AuthenticationResult?.AccessToken
  const prefer = (Enabled: boolean) =>
    on.sdk.send(
      new SetUserMFAPreferenceCommand({
        AccessToken,
        SoftwareTokenMfaSettings: { Enabled, PreferredMfa: Enabled },
      }),
    )
  await refused(prefer(true), invalid, 'User has not verified software token mfa')
  const { SecretCode = '' } = await on.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }))
  await on.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: codeOf(on.local, SecretCode) }))
  assert.notEqual((await on.initiate('USER_PASSWORD_AUTH', password)).AuthenticationResult, undefined)
  await prefer(true)
  const { PreferredMfaSetting } = await on.sdk.send(new GetUserCommand({ AccessToken }))
  assert.equal(PreferredMfaSetting, 'SOFTWARE_TOKEN_MFA')
  assert.equal((await on.initiate('USER_PASSWORD_AUTH', password)).ChallengeName, 'SOFTWARE_TOKEN_MFA')
  await prefer(false)
  assert.notEqual((await on.initiate('USER_PASSWORD_AUTH', password)).AuthenticationResult, undefined)
})

test('a pool without authenticator apps has none to associate', async (t) => {
  const on = await stage(t)
  const { AuthenticationResult } = await on.initiate('USER_PASSWORD_AUTH', password)
  await refused(
    on.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken: AuthenticationResult?.AccessToken })),
    'SoftwareTokenMFANotFoundException',
    'Software Token MFA has not been enabled by the userPool',
  )
})

test('a new password does not stand for the second factor', async (t) => {
  const { userPool } = withMfa({})
  const users = [{ ...ana, status: 'FORCE_CHANGE_PASSWORD' as const, mfa: { softwareToken } }]
  const on = await stage(t, { userPool, users })
  const question = await on.initiate('USER_PASSWORD_AUTH', password)
  const responses = { USERNAME: 'ana', NEW_PASSWORD: 'N3w-pass-phrase!' }
  const next = await on.respond('NEW_PASSWORD_REQUIRED', responses, question.Session)
  assert.deepEqual([next.ChallengeName, next.AuthenticationResult], ['SOFTWARE_TOKEN_MFA', undefined])
})

test('wrong codes lock the user like wrong passwords', async (t) => {
  const on = await stage(t, withMfa({ softwareToken }))
  const question = await on.initiate('USER_PASSWORD_AUTH', password)
  const answer = (code: string) =>
    on.respond('SOFTWARE_TOKEN_MFA', { USERNAME: 'ana', SOFTWARE_TOKEN_MFA_CODE: code }, question.Session)
  const wrong = totp(secretCode, stepOf(on.local) + 10)
  for (const seconds of [0, 0, 0, 0, 0, 1, 2, 4, 8, 16]) {
    on.local.clock.advance(seconds)
    await refused(answer(wrong), 'CodeMismatchException', wrongCode)
  }
  await refused(answer(codeOf(on.local)), notAuthorized, 'Password attempts exceeded')
  on.local.clock.advance(32)
  assert.notEqual((await answer(codeOf(on.local))).AuthenticationResult, undefined)
})
