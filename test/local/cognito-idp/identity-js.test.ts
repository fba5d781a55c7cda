/** What amazon-cognito-identity-js, the library that AWS wrote for browsers, does against the local Cognito. */
import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type IAuthenticationCallback,
} from 'amazon-cognito-identity-js'
import { totp } from '../../../src/local/user-pool/totp.ts'
import { ana, stage, type Stage } from './stage.ts'

class Storage {
  readonly items = new Map<string, string>()
  setItem(key: string, value: string): void {
    this.items.set(key, value)
  }
  getItem(key: string): string | null {
    return this.items.get(key) ?? null
  }
  removeItem(key: string): void {
    this.items.delete(key)
  }
  clear(): void {
    this.items.clear()
  }
}

function browser({ local }: Stage, storage = new Storage()) {
  const { userPoolId, clientId, endpoint } = local.userPool
  const pool = new CognitoUserPool({ UserPoolId: userPoolId, ClientId: clientId, endpoint, Storage: storage })
  const user = (username: string) => new CognitoUser({ Username: username, Pool: pool, Storage: storage })
  return { pool, user, storage }
}

type Questions = Partial<Omit<IAuthenticationCallback, 'onSuccess' | 'onFailure'>>

/** Signs in; the questions are answered by whoever passes them, with the same callbacks. */
async function signIn(
  user: CognitoUser,
  password: string,
  questions: (callbacks: IAuthenticationCallback) => Questions = () => ({}),
): Promise<{ session: CognitoUserSession; userConfirmationNecessary: boolean | undefined }> {
  return new Promise((resolve, reject) => {
    const callbacks: IAuthenticationCallback = {
      onSuccess: (session, userConfirmationNecessary) => resolve({ session, userConfirmationNecessary }),
      onFailure: reject,
    }
    Object.assign(callbacks, questions(callbacks))
    const details = new AuthenticationDetails({ Username: user.getUsername(), Password: password })
    user.authenticateUser(details, callbacks)
  })
}

/** A callback in the manner of Node as a promise. */
async function call<T>(run: (done: (error: unknown, value?: T) => void) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value))))
}

test('it signs in with SRP, reads the attributes, refreshes and signs out everywhere', async (t) => {
  const on = await stage(t)
  const user = browser(on).user('ana')
  const { session } = await signIn(user, ana.password)
  assert.equal(session.getIdToken().payload['email'], 'ana@example.com')
  const attributes = await call<{ Name: string; Value: string }[]>((done) => user.getUserAttributes(done))
  assert.ok(attributes?.some(({ Name, Value }) => Name === 'email' && Value === 'ana@example.com'))
  const refreshed = await call<CognitoUserSession>((done) =>
    user.refreshSession(session.getRefreshToken(), done as never),
  )
  assert.equal(refreshed?.isValid(), true)
  assert.notEqual(refreshed?.getAccessToken().getJwtToken(), session.getAccessToken().getJwtToken())
  await new Promise((resolve, reject) => user.globalSignOut({ onSuccess: resolve, onFailure: reject }))
  await assert.rejects(
    call((done) => user.refreshSession(session.getRefreshToken(), done as never)),
    { code: 'NotAuthorizedException' },
  )
})

test('it shows a wrong password as such', async (t) => {
  const user = browser(await stage(t)).user('ana')
  await assert.rejects(signIn(user, 'wrong'), {
    code: 'NotAuthorizedException',
    message: 'Incorrect username or password.',
  })
})

test('it answers the question for a new password', async (t) => {
  const on = await stage(t, { users: [{ ...ana, status: 'FORCE_CHANGE_PASSWORD' }] })
  const user = browser(on).user('ana')
  const { session } = await signIn(user, ana.password, (callbacks) => ({
    newPasswordRequired: () =>
      user.completeNewPasswordChallenge('N3w-pass-phrase!', { name: 'Ana' }, callbacks),
  }))
  assert.equal(session.getIdToken().payload['name'], 'Ana')
})

test('it signs in with the code of an authenticator app', async (t) => {
  const secretCode = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
  const on = await stage(t, {
    userPool: { mfaConfiguration: 'ON' },
    users: [{ ...ana, mfa: { softwareToken: { secretCode } } }],
  })
  const user = browser(on).user('ana')
  const step = Math.floor(on.local.clock.now() / 30_000)
  const { session } = await signIn(user, ana.password, (callbacks) => ({
    totpRequired: () => user.sendMFACode(totp(secretCode, step), callbacks, 'SOFTWARE_TOKEN_MFA'),
  }))
  assert.equal(session.isValid(), true)
})

test('it signs in with a code by text message', async (t) => {
  const on = await stage(t, {
    userPool: { mfaConfiguration: 'OPTIONAL', enabledMfas: ['SMS_MFA'] },
    users: [{ ...ana, mfa: { sms: true } }],
  })
  const user = browser(on).user('ana')
  const { session } = await signIn(user, ana.password, (callbacks) => ({
    mfaRequired: (_name, parameters) => {
      assert.equal((parameters as Record<string, string>)['CODE_DELIVERY_DESTINATION'], '+********7890')
      user.sendMFACode(on.local.outbox.latest(ana.phoneNumber)?.code ?? '', callbacks)
    },
  }))
  assert.equal(session.isValid(), true)
})

test('it sets up an authenticator app on the way, where the pool demands one', async (t) => {
  const on = await stage(t, { userPool: { mfaConfiguration: 'ON' } })
  const user = browser(on).user('ana')
  const { session } = await signIn(user, ana.password, (callbacks) => ({
    mfaSetup: () =>
      user.associateSoftwareToken({
        associateSecretCode: (secret) => {
          const code = totp(secret, Math.floor(on.local.clock.now() / 30_000))
          user.verifySoftwareToken(code, 'phone', callbacks)
        },
        onFailure: callbacks.onFailure,
      }),
  }))
  assert.equal(session.isValid(), true)
})

test('it remembers its device: confirms it, refreshes with its key, and proves it in place of a code', async (t) => {
  const secretCode = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
  const on = await stage(t, {
    userPool: {
      mfaConfiguration: 'ON',
      deviceConfiguration: { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true },
    },
    users: [{ ...ana, mfa: { softwareToken: { secretCode } } }],
  })
  const { storage, user } = browser(on)
  const first = user('ana')
  let asked = 0
  const answerCode = (one: CognitoUser) => (callbacks: IAuthenticationCallback) => ({
    totpRequired: () => {
      asked += 1
      const code = totp(secretCode, Math.floor(on.local.clock.now() / 30_000))
      one.sendMFACode(code, callbacks, 'SOFTWARE_TOKEN_MFA')
    },
  })
  const { session, userConfirmationNecessary } = await signIn(first, ana.password, answerCode(first))
  assert.deepEqual([asked, userConfirmationNecessary], [1, true])
  const key = [...storage.items].find(([name]) => name.endsWith('.deviceKey'))?.[1]
  assert.match(key ?? '', /^us-east-1_[0-9a-f-]{36}$/)
  await new Promise((resolve, reject) =>
    first.setDeviceStatusRemembered({ onSuccess: resolve, onFailure: reject }),
  )
  const refreshed = await call<CognitoUserSession>((done) =>
    first.refreshSession(session.getRefreshToken(), done as never),
  )
  assert.equal(refreshed?.isValid(), true)
  const again = browser(on, storage).user('ana')
  const second = await signIn(again, ana.password, answerCode(again))
  assert.equal(asked, 1)
  assert.equal(second.session.getAccessToken().payload['device_key'], key)
  // Forgotten, it counts as new.
  await new Promise((resolve, reject) => again.forgetDevice({ onSuccess: resolve, onFailure: reject }))
})

test('it goes through a custom challenge', async (t) => {
  const on = await stage(t, {
    userPool: {
      triggers: {
        defineAuthChallenge(event) {
          const [last] = event.request.session.slice(-1)
          if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult)
            event.response.issueTokens = true
          else event.response.challengeName = 'CUSTOM_CHALLENGE'
          return event
        },
        createAuthChallenge(event) {
          event.response.publicChallengeParameters = { question: '6 x 7' }
          event.response.privateChallengeParameters = { answer: '42' }
          return event
        },
        verifyAuthChallengeResponse(event) {
          event.response.answerCorrect =
            event.request.privateChallengeParameters['answer'] === event.request.challengeAnswer
          return event
        },
      },
    },
  })
  const user = browser(on).user('ana')
  user.setAuthenticationFlowType('CUSTOM_AUTH')
  const session = await new Promise<CognitoUserSession>((resolve, reject) => {
    const callbacks: IAuthenticationCallback = {
      onSuccess: resolve,
      onFailure: reject,
      customChallenge: (parameters: Record<string, string>) => {
        assert.equal(parameters['question'], '6 x 7')
        user.sendCustomChallengeAnswer('42', callbacks)
      },
    }
    user.initiateAuth(new AuthenticationDetails({ Username: 'ana' }), callbacks)
  })
  assert.equal(session.isValid(), true)
})
