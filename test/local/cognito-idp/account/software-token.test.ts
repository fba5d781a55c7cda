import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import test from 'node:test'
import {
  AssociateSoftwareTokenCommand,
  GetUserCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { ana, invalid, refused, stage, type Stage } from '../stage.ts'

/** RFC 6238 with the parameters of authenticator apps, written for these tests alone. */
function authenticatorCode(secret: string, epochSeconds: number, digits = 6): string {
  let bits = 0n
  for (const letter of secret) bits = bits * 32n + BigInt('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter))
  const unused = BigInt((secret.length * 5) % 8)
  const length = Math.floor((secret.length * 5) / 8)
  const key = Buffer.from((bits >> unused).toString(16).padStart(length * 2, '0'), 'hex')
  const counter = Buffer.from(
    Math.floor(epochSeconds / 30)
      .toString(16)
      .padStart(16, '0'),
    'hex',
  )
  const hash = createHmac('sha1', key).update(counter).digest()
  const start = (hash.at(-1) ?? 0) % 16
  const [a = 0, b = 0, c = 0, d = 0] = hash.subarray(start, start + 4)
  const number = ((a % 128) * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) % 10 ** digits
  return number.toString().padStart(digits, '0')
}

test('the authenticator of these tests gives the codes of RFC 6238, appendix B', () => {
  // "12345678901234567890" in base32.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  const vectors: [number, string][] = [
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ]
  for (const [time, code] of vectors) assert.equal(authenticatorCode(secret, time, 8), code)
})

const codeNow = ({ local }: Stage, secret: string, steps = 0) =>
  authenticatorCode(secret, local.clock.nowSeconds() + steps * 30)

async function signedIn(on: Stage): Promise<string> {
  const { AuthenticationResult } = await on.initiate('USER_PASSWORD_AUTH', {
    USERNAME: 'ana',
    PASSWORD: ana.password,
  })
  return AuthenticationResult?.AccessToken ?? ''
}

test('an authenticator app is set up, preferred, and asked for at the next sign-in', async (t) => {
  const on = await stage(t, { userPool: { mfaConfiguration: 'OPTIONAL' } })
  const AccessToken = await signedIn(on)
  const { SecretCode = '' } = await on.sdk.send(new AssociateSoftwareTokenCommand({ AccessToken }))
  assert.match(SecretCode, /^[A-Z2-7]{16,}$/)
  const prefer = () =>
    on.sdk.send(
      new SetUserMFAPreferenceCommand({
        AccessToken,
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
      }),
    )
  await refused(prefer(), invalid, 'User has not verified software token mfa')
  const verify = (UserCode: string) =>
    on.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode, FriendlyDeviceName: 'phone' }))
  await refused(verify(codeNow(on, SecretCode, 5)), 'EnableSoftwareTokenMFAException', 'Code mismatch')
  const first = codeNow(on, SecretCode)
  const { Status } = await verify(first)
  assert.equal(Status, 'SUCCESS')
  // Verified is not yet switched on.
  await signedIn(on)
  await prefer()
  const user = await on.sdk.send(new GetUserCommand({ AccessToken }))
  assert.deepEqual(
    [user.PreferredMfaSetting, user.UserMFASettingList],
    ['SOFTWARE_TOKEN_MFA', ['SOFTWARE_TOKEN_MFA']],
  )
  const question = await on.initiate('USER_PASSWORD_AUTH', { USERNAME: 'ana', PASSWORD: ana.password })
  assert.equal(question.ChallengeName, 'SOFTWARE_TOKEN_MFA')
  assert.equal(question.ChallengeParameters?.['FRIENDLY_DEVICE_NAME'], 'phone')
  const answer = (code: string) =>
    on.respond('SOFTWARE_TOKEN_MFA', { USERNAME: 'ana', SOFTWARE_TOKEN_MFA_CODE: code }, question.Session)
  await refused(answer(first), 'ExpiredCodeException', 'Your software token has already been used once.')
  assert.notEqual((await answer(codeNow(on, SecretCode, 1))).AuthenticationResult, undefined)
})

test('a code must have six digits', async (t) => {
  const on = await stage(t, { userPool: { mfaConfiguration: 'OPTIONAL' } })
  const AccessToken = await signedIn(on)
  await assert.rejects(on.sdk.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: '12x' })), {
    name: invalid,
    message: /^2 validation errors detected: Value at 'userCode' failed to satisfy constraint: Member must/,
  })
})
