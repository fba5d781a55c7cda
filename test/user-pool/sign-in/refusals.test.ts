import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type CognitoError, SignInError, type SignInErrorReason, UserPool } from '../../../src/index.ts'
import { signInReasons } from '../../../src/errors/sign-in-reasons.ts'
import { type LocalCognito, startLocalCognito } from '../../../src/local/index.ts'
import { asked, done, refusedFor } from './steps.ts'
import { exception, stubClient } from './stub-client.ts'

const password = 'Passw0rd!'
const options = { userPoolId: 'eu-west-1_AbCdEf123', clientId: '4ifa83b1k2example9c0d1e2f3' }
const withStub = (...answers: (object | Error)[]) => {
  const { client, sent } = stubClient(...answers)
  return { userPool: new UserPool({ ...options, client }), sent }
}
const result = { AuthenticationResult: { AccessToken: 'a.b.c', IdToken: 'a.b.c', RefreshToken: 'r' } }
const verifier = {
  ChallengeName: 'PASSWORD_VERIFIER',
  ChallengeParameters: { SALT: 'ab', SRP_B: '2', SECRET_BLOCK: 'AAAA', USER_ID_FOR_SRP: 'ana' },
}

describe('DS-03 a Cognito that asks for more than the app gives', () => {
  const answers: [what: string, answer: object][] = [
    ['the password in clear', { ChallengeName: 'PASSWORD', Session: 's' }],
    ['a challenge that is not known', { ChallengeName: 'FUTURE', Session: 's' }],
    ['tokens at once', result],
    ['a new password', { ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: 's', ChallengeParameters: {} }],
    [
      'a choice of factors',
      { ChallengeName: 'SELECT_CHALLENGE', AvailableChallenges: ['PASSWORD'], Session: 's' },
    ],
    ['the proof of a device', { ChallengeName: 'DEVICE_SRP_AUTH', Session: 's' }],
    ['nothing', {}],
  ]
  for (const [what, answer] of answers) {
    test(`DS-03 ${what} in answer to SRP_A is refused, and the password never leaves`, async () => {
      const { userPool, sent } = withStub(answer, answer)
      await refusedFor(userPool.signIn({ username: 'ana', password }), 'unexpected_challenge', 502)
      assert.equal(sent.length, 1)
      assert.ok(!JSON.stringify(sent).includes(password))
    })
  }

  test('DS-03 the password in clear after its proof is refused', async () => {
    const { userPool, sent } = withStub(verifier, { ChallengeName: 'PASSWORD', Session: 's' })
    await refusedFor(userPool.signIn({ username: 'ana', password }), 'unexpected_challenge', 502)
    assert.ok(!JSON.stringify(sent).includes(password))
  })

  for (const change of [{ SRP_B: '0' }, { SRP_B: 'x'.repeat(9_000) }, { SALT: '' }]) {
    test(`DS-03 ${JSON.stringify(change).slice(0, 30)} is refused, and no proof is sent`, async () => {
      const ChallengeParameters = { ...verifier.ChallengeParameters, ...change }
      const { userPool, sent } = withStub({ ...verifier, ChallengeParameters })
      await refusedFor(userPool.signIn({ username: 'ana', password }), 'unexpected_challenge', 502)
      assert.equal(sent.length, 1)
    })
  }
})

test('DS-12 a challenge from the future is data, and is answered with raw responses', async () => {
  const future = { ChallengeName: 'FACE', ChallengeParameters: { camera: 'front' }, Session: 's' }
  const { userPool, sent } = withStub(verifier, future, exception('CodeMismatchException', 'no'))
  const challenge = asked(await userPool.signIn({ username: 'ana', password }), 'UNKNOWN')
  assert.equal(challenge.challengeName, 'FACE')
  assert.deepEqual(challenge.parameters, { camera: 'front' })
  await refusedFor(
    userPool.respond(challenge, { responses: { FACE: 'smile' } }),
    'CodeMismatchException',
    401,
  )
  const { ChallengeName, Session, ChallengeResponses } = sent[2]?.input ?? {}
  assert.deepEqual([ChallengeName, Session], ['FACE', 's'])
  assert.deepEqual(ChallengeResponses, { FACE: 'smile', USERNAME: 'ana' })
})

describe('what Cognito refuses', () => {
  const texts: Record<string, [name: string, message: string, status: number]> = {
    'bad password': ['NotAuthorizedException', 'Incorrect username or password.', 401],
    'user unknown': ['UserNotFoundException', 'User does not exist.', 401],
    'not confirmed': ['UserNotConfirmedException', 'User is not confirmed.', 401],
    disabled: ['NotAuthorizedException', 'User is disabled.', 401],
    'reset needed': ['PasswordResetRequiredException', 'Password reset required for the user', 401],
    'code wrong': ['CodeMismatchException', 'Invalid verification code provided, please try again.', 401],
    'code expired': ['ExpiredCodeException', 'Invalid code provided, please request a code again.', 401],
    'TOTP reused': ['ExpiredCodeException', 'Your software token has already been used once.', 401],
    'user exists': ['UsernameExistsException', 'User already exists', 409],
    'alias taken': ['AliasExistsException', 'An account with the given email already exists.', 409],
    'password policy': ['InvalidPasswordException', 'Password did not conform with policy: too short', 400],
    'missing attribute': ['InvalidParameterException', 'Invalid attributes given, name is missing', 400],
    WAF: ['ForbiddenException', 'Request not allowed', 403],
  }
  for (const [what, [name, message, status]] of Object.entries(texts)) {
    test(`${what} is a SignInError with reason ${name} and status ${status}`, async () => {
      const { userPool, sent } = withStub(exception(name, message))
      const attempt = userPool.signIn({ username: 'ana', password })
      const error = await refusedFor(attempt, name as SignInErrorReason, status)
      assert.equal(error.message, message)
      assert.equal(error.publicMessage, signInReasons[name as SignInErrorReason][1])
      assert.equal(sent.length, 1)
    })
  }

  for (const message of [
    'Invalid session for the user.',
    'Invalid session for the user, session is expired.',
  ]) {
    test(`DS-10 "${message}" is a challenge that has expired, not a wrong password`, async () => {
      const { userPool } = withStub(exception('NotAuthorizedException', message))
      const error = await refusedFor(userPool.signIn({ username: 'ana', password }), 'challenge_expired', 400)
      assert.equal(error.message, message)
    })
  }

  const accessToken = 'a.b.c'
  for (const [message, code, status] of [
    ['Access Token has been revoked', 'ERR_COGNITO_SESSION_ENDED', 401],
    ['Access Token has expired', 'ERR_COGNITO_SESSION_ENDED', 401],
    ['Invalid Access Token', 'ERR_COGNITO_SESSION_ENDED', 401],
    ['Access Token does not have required scopes', 'ERR_COGNITO_FORBIDDEN', 403],
  ] as const) {
    test(`"${message}" in a call about an account is ${code}, not a wrong password`, async () => {
      const { userPool } = withStub(exception('NotAuthorizedException', message))
      await assert.rejects(userPool.account.profile({ accessToken }), (error: CognitoError) => {
        assert.deepEqual([error.code, error.status, error.message], [code, status, message])
        return true
      })
    })
  }

  const busy: [name: string, message: string, reason: SignInErrorReason][] = [
    ['LimitExceededException', 'Attempt limit exceeded', 'LimitExceededException'],
    ['TooManyRequestsException', 'Rate exceeded', 'TooManyRequestsException'],
    ['TooManyFailedAttemptsException', 'Too many', 'TooManyFailedAttemptsException'],
    ['NotAuthorizedException', 'Password attempts exceeded', 'password_attempts_exceeded'],
  ]
  for (const [name, message, reason] of busy) {
    test(`DS-09 ${name} "${message}" is 429 with Retry-After, after one call`, async () => {
      const { userPool, sent } = withStub(exception(name, message))
      const error = await refusedFor(userPool.signIn({ username: 'ana', password }), reason, 429)
      assert.deepEqual(error.headers, { 'Retry-After': '30' })
      assert.equal(sent.length, 1)
    })
  }

  const setUp: [name: string, message: string][] = [
    ['InvalidParameterException', 'USER_SRP_AUTH flow not enabled for this client'],
    ['InvalidParameterException', 'Initiate Auth method not supported'],
    ['ResourceNotFoundException', 'User pool client 4ifa does not exist.'],
    ['ResourceNotFoundException', 'User pool eu-west-1_AbCdEf123 does not exist.'],
    ['NotAuthorizedException', 'Unable to verify secret hash for client 4ifa'],
    ['NotAuthorizedException', 'Client 4ifa is configured with secret but SECRET_HASH was not received'],
    ['FeatureUnavailableInTierException', 'not in this plan'],
    ['OperationNotEnabledException', 'replica Region'],
    ['UnsupportedOperationException', 'no'],
  ]
  for (const [name, message] of setUp) {
    test(`${name} "${message}" is the developer's: a ConfigurationError`, async () => {
      const { userPool } = withStub(exception(name, message))
      await assert.rejects(userPool.signIn({ username: 'ana', password }), (error: CognitoError) => {
        assert.deepEqual([error.code, error.status], ['ERR_COGNITO_CONFIGURATION', 500])
        assert.ok(error.message.includes(message))
        return true
      })
    })
  }

  for (const [name, message] of [
    ['InternalErrorException', 'Internal error'],
    ['UnexpectedLambdaException', 'it threw'],
    ['InvalidLambdaResponseException', 'nonsense'],
    ['TimeoutError', 'too slow'],
    ['TypeError', 'fetch failed'],
  ] as const) {
    test(`${name} is 503: nobody's password is to blame`, async () => {
      const { userPool } = withStub(exception(name, message))
      const attempt = userPool.signIn({ username: 'ana', password })
      await assert.rejects(attempt, { code: 'ERR_COGNITO_UNAVAILABLE', status: 503 })
    })
  }

  test('no message or cause quotes a password, a code or a token', async () => {
    const quoting = `1 validation error detected: Value '${password}' at 'password' failed; eyJhbGciOiJub25lIn0.e30.x`
    const { userPool } = withStub(exception('InvalidParameterException', quoting))
    const error = await refusedFor(
      userPool.signIn({ username: 'ana', password }),
      'InvalidParameterException',
      400,
    )
    const printed = inspect(error, { depth: 9, showHidden: true })
    assert.ok(!printed.includes(password) && !printed.includes('eyJ'), printed)
  })

  for (const missing of [
    { username: '' },
    { username: 7 as never },
    { password: '' },
    { password: undefined },
  ]) {
    test(`a form that lacks something (${inspect(missing)}) is 400, and Cognito is not asked`, async () => {
      const { userPool, sent } = withStub()
      const attempt = userPool.signIn({ username: 'ana', password, ...missing })
      await refusedFor(attempt, 'InvalidParameterException', 400)
      assert.equal(sent.length, 0)
    })
  }
})

describe('every exception that the API declares for a sign-in has somebody who acts', () => {
  const declared: Record<'visitor' | 'developer' | 'nobody', string> = {
    visitor:
      'NotAuthorized ResourceNotFound InvalidParameter TooManyRequests UserLambdaValidation PasswordResetRequired UserNotFound ' +
      'UserNotConfirmed Forbidden CodeMismatch ExpiredCode InvalidPassword PasswordHistoryPolicyViolation MFAMethodNotFound AliasExists ' +
      'SoftwareTokenMFANotFound RefreshTokenReuse UsernameExists DeviceKeyExists LimitExceeded EnableSoftwareTokenMFA ' +
      'WebAuthnChallengeNotFound WebAuthnClientMismatch WebAuthnCredentialNotSupported WebAuthnOriginNotAllowed ' +
      'WebAuthnRelyingPartyMismatch',
    developer:
      'UnsupportedOperation InvalidUserPoolConfiguration InvalidSmsRoleAccessPolicy InvalidEmailRoleAccessPolicy ' +
      'InvalidSmsRoleTrustRelationship OperationNotEnabled FeatureUnavailableInTier UserPoolAddOnNotEnabled Unauthorized ' +
      'WebAuthnNotEnabled WebAuthnConfigurationMissing',
    nobody: 'UnexpectedLambda InvalidLambdaResponse InternalError CodeDeliveryFailure',
  }
  const codes = {
    visitor: 'ERR_COGNITO_SIGN_IN',
    developer: 'ERR_COGNITO_CONFIGURATION',
    nobody: 'ERR_COGNITO_UNAVAILABLE',
  }
  for (const [who, names] of Object.entries(declared)) {
    for (const name of names.split(' ').map((one) => `${one}Exception`)) {
      test(`${name} is for the ${who}`, async () => {
        const { userPool, sent } = withStub(exception(name, 'Something is wrong.'))
        await assert.rejects(userPool.signIn({ username: 'ana', password }), (error: CognitoError) => {
          assert.equal(error.code, codes[who as keyof typeof codes])
          if (error instanceof SignInError) assert.equal(error.reason, name)
          return true
        })
        assert.equal(sent.length, 1)
      })
    }
  }

  test('and no reason of a SignInError is without such an exception', () => {
    const exceptions = Object.keys(signInReasons).filter((reason) => reason.endsWith('Exception'))
    const known = declared.visitor.split(' ').map((one) => `${one}Exception`)
    assert.deepEqual(
      exceptions.filter((reason) => !known.includes(reason)),
      ['TooManyFailedAttemptsException'],
    )
  })
})

describe('refusals of the local Cognito', () => {
  let local: LocalCognito
  let userPool: UserPool
  const users = [
    { username: 'ana', password },
    { username: 'una', password, status: 'UNCONFIRMED' as const },
    { username: 'rea', password, status: 'RESET_REQUIRED' as const },
    { username: 'dan', password, enabled: false },
    { username: 'sam', password, phoneNumber: '+4915112345678', mfa: { sms: true } },
  ]
  before(async () => {
    local = await startLocalCognito({
      users,
      userPool: { mfaConfiguration: 'OPTIONAL', enabledMfas: ['SMS_MFA'] },
    })
  })
  after(() => local.close())
  beforeEach(() => {
    userPool = new UserPool(local.userPool)
    local.requests.clear()
  })

  test('the states of a user are told apart by their reasons', async () => {
    await refusedFor(userPool.signIn({ username: 'una', password }), 'UserNotConfirmedException', 401)
    await refusedFor(userPool.signIn({ username: 'rea', password }), 'PasswordResetRequiredException', 401)
    await refusedFor(userPool.signIn({ username: 'dan', password }), 'NotAuthorizedException', 401)
  })

  test('an unknown user and a wrong password are answered alike', async () => {
    const answers = await Promise.all(
      ['ana', 'nobody'].map((username) =>
        refusedFor(userPool.signIn({ username, password: 'wrong' }), 'NotAuthorizedException', 401),
      ),
    )
    const [known, unknown] = answers.map(({ message, publicMessage, headers }) => ({
      message,
      publicMessage,
      headers,
    }))
    assert.deepEqual(known, unknown)
  })

  test('DS-11 five wrong codes are 401 each and no tokens, and nobody else is locked out', async () => {
    const challenge = asked(await userPool.signIn({ username: 'sam', password }), 'SMS_MFA')
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const error = await userPool
        .respond(challenge, { code: '000000' })
        .catch((thrown: unknown) => thrown as CognitoError)
      assert.ok('status' in error && error.status === 401, String(attempt))
    }
    done(await userPool.signIn({ username: 'ana', password }))
  })

  test('DS-13 tokens of another client, or with a signature that does not match, are refused as in the code flow', async () => {
    const stranger = new UserPool({ ...local.userPool, issuer: 'https://cognito.example.com/pool' })
    await refusedFor(stranger.signIn({ username: 'ana', password }), 'token_response_invalid', 502)
    const { AuthenticationResult } = result
    const tokens = {
      IdToken: await local.issueToken({ username: 'ana', tokenUse: 'id' }),
      AccessToken: await local.issueToken({ username: 'ana', tokenUse: 'access' }),
    }
    const altered =
      tokens.IdToken.slice(0, -8) + (tokens.IdToken.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA')
    const other = await local.issueToken({ username: 'sam', tokenUse: 'access' })
    for (const wrong of [{ IdToken: altered }, { AccessToken: other }, { IdToken: undefined }]) {
      const { client } = stubClient({
        AuthenticationResult: { ...AuthenticationResult, ...tokens, ...wrong },
      })
      const pool = new UserPool({ ...local.userPool, client })
      const attempt = pool.signIn({ username: 'ana', password, flow: 'USER_PASSWORD_AUTH' })
      await refusedFor(attempt, 'token_response_invalid', 502)
    }
  })

  test('DS-17 a password with spaces leaves as it was typed', async () => {
    const typed = '  Pass w0rd ! '
    const { userPool: stubbed, sent } = withStub(exception('NotAuthorizedException', 'no'))
    const attempt = stubbed.signIn({ username: 'ana', password: typed, flow: 'USER_PASSWORD_AUTH' })
    await refusedFor(attempt, 'NotAuthorizedException', 401)
    assert.deepEqual(sent[0]?.input['AuthParameters'], { USERNAME: 'ana', PASSWORD: typed })
  })

  test('DS-17 odd names and passwords reach Cognito byte for byte, and break nothing', async () => {
    const names = ['a\0b', 'x'.repeat(2_000), '__proto__', '\u202eana', 'e\u0301', '\u00e9', ' ana ']
    for (const username of names) {
      const error = await userPool
        .signIn({ username, password })
        .catch((thrown: unknown) => thrown as CognitoError)
      assert.ok(error instanceof SignInError && [400, 401].includes(error.status), username)
    }
    const passwords = [`Aa1!${'x'.repeat(252)}`, 'Aa1!🔑🔑🔑🔑', 'Aa1!e\u0301e\u0301']
    const odd = await startLocalCognito({
      users: passwords.map((text, index) => ({ username: `user${index}`, password: text })),
    })
    try {
      const pool = new UserPool(odd.userPool)
      for (const [index, text] of passwords.entries()) {
        done(await pool.signIn({ username: `user${index}`, password: text }))
        done(await pool.signIn({ username: `user${index}`, password: text, flow: 'USER_PASSWORD_AUTH' }))
        await refusedFor(
          pool.signIn({ username: `user${index}`, password: text.normalize('NFC') + ' ' }),
          'NotAuthorizedException',
          401,
        )
      }
    } finally {
      await odd.close()
    }
  })
})
