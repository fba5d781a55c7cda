/** What AWS Amplify 6, the library that AWS recommends to browsers, does against the local Cognito. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { Amplify } from 'aws-amplify'
import { confirmSignIn, fetchAuthSession, fetchUserAttributes, signIn, signOut } from 'aws-amplify/auth'
import { totp } from '../../../src/local/user-pool/totp.ts'
import { ana, stage, type Stage } from './stage.ts'

function configure({ local }: Stage): void {
  const { userPoolId, clientId: userPoolClientId, endpoint: userPoolEndpoint } = local.userPool
  Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint } } })
}

test('Amplify signs in with SRP and a code, refreshes, reads the attributes and signs out everywhere', async (t) => {
  const secretCode = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
  const on = await stage(t, {
    userPool: { mfaConfiguration: 'ON', deviceConfiguration: {} },
    users: [{ ...ana, mfa: { softwareToken: { secretCode } } }],
  })
  configure(on)
  // What names the device in a browser. Without it, Amplify confirms none.
  const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
  Object.defineProperty(globalThis, 'navigator', {
    value: { platform: 'test', userAgent: 'test' },
    configurable: true,
  })
  t.after(() => {
    if (navigator) Object.defineProperty(globalThis, 'navigator', navigator)
    else Reflect.deleteProperty(globalThis, 'navigator')
  })
  const { nextStep } = await signIn({ username: 'ana', password: ana.password })
  assert.equal(nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_TOTP_CODE')
  const challengeResponse = totp(secretCode, Math.floor(on.local.clock.now() / 30_000))
  const done = await confirmSignIn({ challengeResponse })
  assert.equal(done.isSignedIn, true)
  assert.equal(on.local.requests.count('ConfirmDevice'), 1)
  const first = await fetchAuthSession()
  assert.equal(first.tokens?.idToken?.payload['email'], ana.email)
  const second = await fetchAuthSession({ forceRefresh: true })
  assert.notEqual(second.tokens?.accessToken.toString(), first.tokens?.accessToken.toString())
  assert.equal((await fetchUserAttributes()).email, ana.email)
  await signOut({ global: true })
  assert.equal((await fetchAuthSession()).tokens, undefined)
})

test('Amplify is told of a new password, and of a wrong one', async (t) => {
  const on = await stage(t, { users: [{ ...ana, status: 'FORCE_CHANGE_PASSWORD' }] })
  configure(on)
  await assert.rejects(signIn({ username: 'ana', password: 'wrong' }), { name: 'NotAuthorizedException' })
  const { nextStep } = await signIn({ username: 'ana', password: ana.password })
  assert.equal(nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED')
  assert.equal((await confirmSignIn({ challengeResponse: 'N3w-pass-phrase!' })).isSignedIn, true)
  await signOut()
})

test('Amplify signs in with a code instead of a password', async (t) => {
  const policies = { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD' as const, 'EMAIL_OTP' as const] } }
  const on = await stage(t, { userPool: { policies } })
  configure(on)
  const options = { authFlowType: 'USER_AUTH' as const, preferredChallenge: 'EMAIL_OTP' as const }
  const { nextStep } = await signIn({ username: 'ana', options })
  assert.equal(nextStep.signInStep, 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE')
  const challengeResponse = on.local.outbox.latest(ana.email)?.code ?? ''
  assert.equal((await confirmSignIn({ challengeResponse })).isSignedIn, true)
  await signOut()
})
