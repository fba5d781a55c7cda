import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { UserPool } from '../../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../../src/local/index.ts'
import { asked, done, refusedFor } from './steps.ts'
import { totp } from './totp.ts'

const password = 'Passw0rd!'
const secretCode = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

describe('the challenges of a direct sign-in', () => {
  let local: LocalCognito
  let userPool: UserPool
  before(async () => {
    local = await startLocalCognito({
      users: [
        { username: 'ana', password, email: 'ana@example.com' },
        { username: 'carla', password: 'Temp0rary!', status: 'FORCE_CHANGE_PASSWORD' },
        { username: 'theo', password, mfa: { softwareToken: { secretCode } } },
        { username: 'sam', password, phoneNumber: '+4915112345678', mfa: { sms: true } },
        { username: 'eve', password, email: 'eve@example.com', mfa: { email: true } },
        {
          username: 'max',
          password,
          phoneNumber: '+4915187654321',
          mfa: { sms: true, softwareToken: { secretCode } },
        },
      ],
      clients: [
        {
          clientSecret: 'secretsecretsecretsecretsecret',
          explicitAuthFlows: [
            'ALLOW_USER_SRP_AUTH',
            'ALLOW_USER_PASSWORD_AUTH',
            'ALLOW_CUSTOM_AUTH',
            'ALLOW_USER_AUTH',
            'ALLOW_REFRESH_TOKEN_AUTH',
          ],
        },
      ],
      userPool: {
        mfaConfiguration: 'OPTIONAL',
        enabledMfas: ['SOFTWARE_TOKEN_MFA', 'SMS_MFA', 'EMAIL_OTP'],
        policies: { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] } },
        accountRecoverySetting: { recoveryMechanisms: [{ name: 'admin_only', priority: 1 }] },
        triggers: {
          defineAuthChallenge: (event) => {
            const results = event.request.session
            const last = results.at(-1)
            if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult)
              event.response.issueTokens = true
            else if (results.length > 3) event.response.failAuthentication = true
            else if (last?.challengeName === 'SRP_A') event.response.challengeName = 'PASSWORD_VERIFIER'
            else event.response.challengeName = 'CUSTOM_CHALLENGE'
            return event
          },
          createAuthChallenge: (event) => {
            event.response.publicChallengeParameters = { question: 'What is the word?' }
            event.response.privateChallengeParameters = { answer: 'swordfish' }
            return event
          },
          verifyAuthChallengeResponse: (event) => {
            event.response.answerCorrect =
              event.request.challengeAnswer === event.request.privateChallengeParameters['answer']
            return event
          },
        },
      },
    })
  })
  after(() => local.close())
  beforeEach(() => {
    userPool = new UserPool(local.userPool)
    local.requests.clear()
    local.outbox.clear()
  })
  const code = () => local.outbox.latest()?.code ?? assert.fail('no code was sent')

  test('without a challenge the password is proved with SRP, in two calls, and the tokens are verified', async () => {
    const { tokens } = done(await userPool.signIn({ username: 'ana', password }))
    assert.equal(local.requests.count('InitiateAuth'), 1)
    assert.equal(local.requests.count('RespondToAuthChallenge'), 1)
    assert.equal((await userPool.user(tokens)).username, 'ana')
    assert.equal(tokens.obtainedBy, 'api')
  })

  test('USER_PASSWORD_AUTH sends the password, where the app asks for that flow', async () => {
    done(await userPool.signIn({ username: 'ana', password, flow: 'USER_PASSWORD_AUTH' }))
    assert.equal(local.requests.count('RespondToAuthChallenge'), 0)
  })

  test('DS-12 NEW_PASSWORD_REQUIRED takes a new password, and a weak one may be corrected', async () => {
    const challenge = asked(
      await userPool.signIn({ username: 'carla', password: 'Temp0rary!' }),
      'NEW_PASSWORD_REQUIRED',
    )
    assert.deepEqual(challenge.requiredAttributes, [])
    await refusedFor(userPool.respond(challenge, { newPassword: 'weak' }), 'InvalidPasswordException', 400)
    done(await userPool.respond(challenge, { newPassword: 'Perman3nt!', attributes: { name: 'Carla' } }))
    const { tokens } = done(await userPool.signIn({ username: 'carla', password: 'Perman3nt!' }))
    assert.equal((await userPool.user(tokens)).name, 'Carla')
  })

  test('SOFTWARE_TOKEN_MFA takes the code of the app; a wrong one may be corrected', async () => {
    const challenge = asked(await userPool.signIn({ username: 'theo', password }), 'SOFTWARE_TOKEN_MFA')
    await refusedFor(userPool.respond(challenge, { code: '000000' }), 'CodeMismatchException', 401)
    done(await userPool.respond(challenge, { code: totp(secretCode) }))
    const again = asked(await userPool.signIn({ username: 'theo', password }), 'SOFTWARE_TOKEN_MFA')
    await refusedFor(userPool.respond(again, { code: totp(secretCode) }), 'ExpiredCodeException', 401)
  })

  test('DS-12 SMS_MFA says where the code went, and takes it', async () => {
    const challenge = asked(await userPool.signIn({ username: 'sam', password }), 'SMS_MFA')
    assert.equal(challenge.medium, 'SMS')
    assert.equal(challenge.destination, '+*********5678')
    done(await userPool.respond(challenge, { code: code() }))
  })

  test('DS-12 EMAIL_OTP as a second factor says where the code went, and takes it', async () => {
    const challenge = asked(await userPool.signIn({ username: 'eve', password }), 'EMAIL_OTP')
    assert.equal(challenge.medium, 'EMAIL')
    assert.equal(challenge.destination, 'e***@e***')
    done(await userPool.respond(challenge, { code: code() }))
  })

  test('SELECT_MFA_TYPE offers the factors and goes on with the one that is chosen', async () => {
    const challenge = asked(await userPool.signIn({ username: 'max', password }), 'SELECT_MFA_TYPE')
    assert.deepEqual(challenge.choices.toSorted(), ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'])
    const sms = asked(await userPool.respond(challenge, { choice: 'SMS_MFA' }), 'SMS_MFA')
    done(await userPool.respond(sms, { code: code() }))
  })

  test('DS-12 SELECT_CHALLENGE offers the first factors: a code by e-mail, the password proved, the password sent', async () => {
    const choose = async () =>
      asked(await userPool.signIn({ username: 'ana', flow: 'USER_AUTH' }), 'SELECT_CHALLENGE')
    assert.deepEqual((await choose()).choices.toSorted(), ['EMAIL_OTP', 'PASSWORD', 'PASSWORD_SRP'])
    const otp = asked(await userPool.respond(await choose(), { choice: 'EMAIL_OTP' }), 'EMAIL_OTP')
    done(await userPool.respond(otp, { code: code() }))
    done(await userPool.respond(await choose(), { choice: 'PASSWORD_SRP', password }))
    done(await userPool.respond(await choose(), { choice: 'PASSWORD', password }))
    await refusedFor(
      userPool.respond(await choose(), { choice: 'PASSWORD_SRP', password: 'wrong' }),
      'NotAuthorizedException',
      401,
    )
    await refusedFor(
      userPool.respond(await choose(), { choice: 'PASSWORD' }),
      'InvalidParameterException',
      400,
    )
  })

  for (const preferredChallenge of ['PASSWORD', 'PASSWORD_SRP'] as const) {
    test(`USER_AUTH begins with ${preferredChallenge} where the app prefers it`, async () => {
      done(await userPool.signIn({ username: 'ana', password, flow: 'USER_AUTH', preferredChallenge }))
      assert.equal(local.requests.count('RespondToAuthChallenge'), preferredChallenge === 'PASSWORD' ? 0 : 1)
    })
  }

  test('USER_AUTH asks which factor where the preferred one cannot be had', async () => {
    const step = await userPool.signIn({ username: 'ana', flow: 'USER_AUTH', preferredChallenge: 'SMS_OTP' })
    assert.ok(!asked(step, 'SELECT_CHALLENGE').choices.includes('SMS_OTP'))
  })

  test('DS-12 CUSTOM_CHALLENGE shows what the trigger made public, and takes an answer', async () => {
    const challenge = asked(
      await userPool.signIn({ username: 'ana', flow: 'CUSTOM_AUTH' }),
      'CUSTOM_CHALLENGE',
    )
    assert.equal(challenge.parameters['question'], 'What is the word?')
    const again = asked(await userPool.respond(challenge, { answer: 'tuna' }), 'CUSTOM_CHALLENGE')
    done(await userPool.respond(again, { answer: 'swordfish' }))
  })

  test('CUSTOM_AUTH with a password proves it first', async () => {
    const challenge = asked(
      await userPool.signIn({ username: 'ana', password, flow: 'CUSTOM_AUTH' }),
      'CUSTOM_CHALLENGE',
    )
    done(await userPool.respond(challenge, { answer: 'swordfish' }))
    await refusedFor(
      userPool.signIn({ username: 'ana', password: 'wrong', flow: 'CUSTOM_AUTH' }),
      'NotAuthorizedException',
      401,
    )
  })
})

describe('MFA_SETUP', () => {
  let local: LocalCognito
  before(async () => {
    local = await startLocalCognito({
      users: [{ username: 'ana', password }],
      userPool: { mfaConfiguration: 'ON' },
    })
  })
  after(() => local.close())

  test('gives the secret and the URL for a QR code, takes the first code, and asks for one from then on', async () => {
    const userPool = new UserPool({ ...local.userPool, totpIssuer: 'My Shop' })
    const challenge = asked(await userPool.signIn({ username: 'ana', password }), 'MFA_SETUP')
    assert.deepEqual(challenge.choices, ['SOFTWARE_TOKEN_MFA'])
    const { secret = '', url = '' } = challenge.totp ?? {}
    assert.equal(url, `otpauth://totp/My%20Shop:ana?secret=${secret}&issuer=My%20Shop`)
    await refusedFor(userPool.respond(challenge, { code: '000000' }), 'EnableSoftwareTokenMFAException', 401)
    done(await userPool.respond(challenge, { code: totp(secret), deviceName: 'phone' }))
    const next = asked(await userPool.signIn({ username: 'ana', password }), 'SOFTWARE_TOKEN_MFA')
    done(await userPool.respond(next, { code: totp(secret, 1) }))
  })
})
