import assert from 'node:assert/strict'
import test from 'node:test'
import { createSrpSession, signSrpSession, wrapAuthChallenge } from 'cognito-srp-helper'
import { RespondToAuthChallengeCommand } from '@aws-sdk/client-cognito-identity-provider'
import { claimsOf } from '../domain.ts'
import { ana, invalid, invalidSession, notAuthorized, refused, stage, wrongPassword } from './stage.ts'

const factors = {
  signInPolicy: {
    allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] as ('PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP')[],
  },
}
const codes = { userPool: { policies: factors } }
const secretCode = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

test('without a preference, the client is told what it may choose', async (t) => {
  const on = await stage(t, codes)
  const question = await on.initiate('USER_AUTH', { USERNAME: 'ana' })
  assert.equal(question.ChallengeName, 'SELECT_CHALLENGE')
  assert.deepEqual(question.AvailableChallenges, ['EMAIL_OTP', 'PASSWORD', 'PASSWORD_SRP', 'SMS_OTP'])
  assert.deepEqual(question.ChallengeParameters, {})
  const answer = { USERNAME: 'ana', ANSWER: 'PASSWORD', PASSWORD: ana.password }
  assert.notEqual(
    (await on.respond('SELECT_CHALLENGE', answer, question.Session)).AuthenticationResult,
    undefined,
  )
  await refused(on.respond('SELECT_CHALLENGE', answer, question.Session), notAuthorized, invalidSession)
})

test('a preference that is not available leads to the choice', async (t) => {
  const on = await stage(t)
  const question = await on.initiate('USER_AUTH', { USERNAME: 'ana', PREFERRED_CHALLENGE: 'EMAIL_OTP' })
  assert.deepEqual(question.AvailableChallenges, ['PASSWORD', 'PASSWORD_SRP'])
  const chosen = on.respond('SELECT_CHALLENGE', { USERNAME: 'ana', ANSWER: 'EMAIL_OTP' }, question.Session)
  await refused(chosen, invalid, 'The selected challenge is not available for the user.')
})

test('a preferred password is taken at once', async (t) => {
  const on = await stage(t)
  const parameters = { USERNAME: 'ana', PREFERRED_CHALLENGE: 'PASSWORD' }
  await refused(on.initiate('USER_AUTH', parameters), invalid, 'Missing required parameter PASSWORD')
  await refused(on.initiate('USER_AUTH', { ...parameters, PASSWORD: 'wrong' }), notAuthorized, wrongPassword)
  const done = await on.initiate('USER_AUTH', { ...parameters, PASSWORD: ana.password })
  assert.notEqual(done.AuthenticationResult, undefined)
})

test('SRP may be preferred, or chosen', async (t) => {
  const on = await stage(t)
  const session = createSrpSession('ana', ana.password, on.local.userPool.userPoolId, false)
  const preferred = await on.initiate('USER_AUTH', {
    USERNAME: 'ana',
    PREFERRED_CHALLENGE: 'PASSWORD_SRP',
    SRP_A: session.largeA,
  })
  const question = await on.initiate('USER_AUTH', { USERNAME: 'ana' })
  const chosen = await on.respond(
    'SELECT_CHALLENGE',
    { USERNAME: 'ana', ANSWER: 'PASSWORD_SRP', SRP_A: session.largeA },
    question.Session,
  )
  for (const asked of [preferred, chosen]) {
    assert.equal(asked.ChallengeName, 'PASSWORD_VERIFIER')
    const { ChallengeResponses } = wrapAuthChallenge(signSrpSession(session, asked as never), {
      ClientId: 'public1',
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeResponses: { USERNAME: 'ana' },
    })
    const done = await on.sdk.send(
      new RespondToAuthChallengeCommand({
        ClientId: 'public1',
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses,
        Session: asked.Session,
      }),
    )
    assert.notEqual(done.AuthenticationResult, undefined)
  }
})

for (const [name, to, destination] of [
  ['EMAIL_OTP', ana.email, 'a***@e***'],
  ['SMS_OTP', ana.phoneNumber, '+********7890'],
] as const) {
  test(`${name} signs in with a code instead of a password, and shows that the address is the user’s`, async (t) => {
    const users = [{ username: 'ana', attributes: { email: ana.email, phone_number: ana.phoneNumber } }]
    const on = await stage(t, { ...codes, users })
    const asked = await on.initiate('USER_AUTH', { USERNAME: 'ana', PREFERRED_CHALLENGE: name })
    assert.equal(asked.ChallengeName, name)
    assert.equal(asked.ChallengeParameters?.['CODE_DELIVERY_DESTINATION'], destination)
    const code = on.local.outbox.latest(to)?.code ?? ''
    const done = await on.respond(name, { USERNAME: 'ana', [`${name}_CODE`]: code }, asked.Session)
    const claims = claimsOf(done.AuthenticationResult?.IdToken ?? '')
    assert.equal(claims[name === 'EMAIL_OTP' ? 'email_verified' : 'phone_number_verified'], true)
  })
}

test('a code that took too long counts no more', async (t) => {
  const on = await stage(t, codes)
  const asked = await on.initiate('USER_AUTH', { USERNAME: 'ana', PREFERRED_CHALLENGE: 'EMAIL_OTP' })
  const code = on.local.outbox.latest()?.code ?? ''
  on.local.clock.advance(181)
  const late = on.respond('EMAIL_OTP', { USERNAME: 'ana', EMAIL_OTP_CODE: code }, asked.Session)
  await refused(late, notAuthorized, invalidSession)
})

test('a second factor rules out codes as the first one', async (t) => {
  const users = [{ ...ana, mfa: { softwareToken: { secretCode } } }]
  for (const mfaConfiguration of ['ON', 'OPTIONAL'] as const) {
    const on = await stage(t, { userPool: { policies: factors, mfaConfiguration }, users })
    const { AvailableChallenges } = await on.initiate('USER_AUTH', { USERNAME: 'ana' })
    assert.deepEqual(AvailableChallenges, ['PASSWORD', 'PASSWORD_SRP'])
    const parameters = { USERNAME: 'ana', PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: ana.password }
    assert.equal((await on.initiate('USER_AUTH', parameters)).ChallengeName, 'SOFTWARE_TOKEN_MFA')
  }
})

test('who does not exist may choose like anybody, is sent nothing, and gets in with no code', async (t) => {
  const on = await stage(t, codes)
  const { AvailableChallenges } = await on.initiate('USER_AUTH', { USERNAME: 'nobody' })
  assert.deepEqual(AvailableChallenges, ['EMAIL_OTP', 'PASSWORD', 'PASSWORD_SRP', 'SMS_OTP'])
  const asked = await on.initiate('USER_AUTH', { USERNAME: 'nobody', PREFERRED_CHALLENGE: 'EMAIL_OTP' })
  assert.equal(asked.ChallengeName, 'EMAIL_OTP')
  assert.equal(on.local.outbox.latest(), undefined)
  const wrong = on.respond('EMAIL_OTP', { USERNAME: 'nobody', EMAIL_OTP_CODE: '123456' }, asked.Session)
  await assert.rejects(wrong, { name: /^(CodeMismatchException|NotAuthorizedException)$/ })
})
