import { mfas, type Mfa, type MfaPreference } from '../user-pool/mfa.ts'
import * as check from './option-checks.ts'

/** The second factors that a user has set up. They are asked for unless the pool's `mfaConfiguration` is off. */
export interface LocalUserMfa {
  /** An authenticator app with this secret: at least 16 letters A–Z and digits 2–7. */
  softwareToken?: { secretCode: string; friendlyDeviceName?: string | undefined } | undefined
  /** Codes by text message; needs a phone number. */
  sms?: boolean | undefined
  /** Codes by e-mail; needs an e-mail address. */
  email?: boolean | undefined
  /** Which one is asked for when there are several. Without it, the user chooses at each sign-in. */
  preferred?: Mfa | undefined
}

/** Checks `users[n].mfa`. */
export function mfaFrom(option: string, given: unknown = {}): MfaPreference {
  const mfa = check.checkObject(option, given, ['softwareToken', 'sms', 'email', 'preferred'])
  const softwareToken = softwareTokenFrom(`${option}.softwareToken`, mfa['softwareToken'])
  const enabled = new Set<Mfa>()
  if (check.checkBoolean(`${option}.sms`, mfa['sms'], false)) enabled.add('SMS_MFA')
  if (softwareToken) enabled.add('SOFTWARE_TOKEN_MFA')
  if (check.checkBoolean(`${option}.email`, mfa['email'], false)) enabled.add('EMAIL_OTP')
  const { preferred } = mfa
  const chosen =
    preferred === undefined ? undefined : check.checkOneOf(`${option}.preferred`, preferred, mfas)
  if (chosen && !enabled.has(chosen)) check.refuse(`${option}.preferred`, 'one that this user has')
  return { enabled, preferred: chosen, softwareToken, webAuthn: false }
}

function softwareTokenFrom(option: string, given: unknown): MfaPreference['softwareToken'] {
  if (given === undefined) return undefined
  const token = check.checkObject(option, given, ['secretCode', 'friendlyDeviceName'])
  const { friendlyDeviceName } = token
  return {
    secretCode: check.checkString(
      `${option}.secretCode`,
      token['secretCode'],
      /^[A-Z2-7]{16,}$/,
      'at least 16 characters of base32: A to Z and 2 to 7',
    ),
    friendlyDeviceName:
      friendlyDeviceName === undefined
        ? undefined
        : check.checkString(`${option}.friendlyDeviceName`, friendlyDeviceName, /^[^]{1,256}$/, 'a name'),
    usedStep: 0,
  }
}
