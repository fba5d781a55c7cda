import { boolean, optional, structure, type Values } from '../server/members.ts'
import type { Mfa } from '../user-pool/mfa.ts'
import { touch } from '../user-pool/password.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import { callerOf } from './caller.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'
import { namedUser } from './named-user.ts'

const factor = optional(structure({ Enabled: optional(boolean), PreferredMfa: optional(boolean) }))

const factors = {
  SMSMfaSettings: factor,
  SoftwareTokenMfaSettings: factor,
  EmailMfaSettings: factor,
  WebAuthnMfaSettings: optional(structure({ Enabled: optional(boolean) })),
}

const mfaOf = {
  SMSMfaSettings: 'SMS_MFA',
  SoftwareTokenMfaSettings: 'SOFTWARE_TOKEN_MFA',
  EmailMfaSettings: 'EMAIL_OTP',
} as const

/** SetUserMFAPreference: which second factors the user wants, and which first. */
export async function setUserMfaPreference(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken } = readInput(input, { AccessToken: model.accessToken })
  const { user } = await callerOf(pool, AccessToken)
  prefer(pool, user, input)
  return {}
}

/** AdminSetUserMFAPreference: the same for a named user. */
export function adminSetUserMfaPreference(pool: UserPool, input: Input): object {
  prefer(pool, namedUser(pool, input), input)
  return {}
}

function prefer(pool: UserPool, user: User, input: Input): void {
  const given = readInput(input, factors)
  const settings = factorSettings(given)
  for (const { mfa, enabled } of settings) if (enabled) checkPossible(pool, user, mfa)
  const after = new Set(user.mfa.enabled)
  for (const { mfa, enabled } of settings) {
    if (enabled) after.add(mfa)
    else after.delete(mfa)
  }
  const passkeys = given.WebAuthnMfaSettings
  const webAuthn = passkeys ? (passkeys.Enabled ?? false) : user.mfa.webAuthn
  if (webAuthn) checkPasskeyMfa(pool, after)
  Object.assign(user.mfa, { enabled: after, webAuthn })
  for (const { mfa, preferred } of settings) {
    if (preferred) user.mfa.preferred = mfa
    else if (user.mfa.preferred === mfa) user.mfa.preferred = undefined
  }
  touch(pool, user)
}

function factorSettings(given: Values<typeof factors>): { mfa: Mfa; enabled: boolean; preferred: boolean }[] {
  const settings = (Object.keys(mfaOf) as (keyof typeof mfaOf)[]).flatMap((member) => {
    const { Enabled: enabled = false, PreferredMfa: preferred = false } = given[member] ?? {}
    return given[member] ? [{ mfa: mfaOf[member], enabled, preferred }] : []
  })
  const preferred = settings.filter((setting) => setting.preferred)
  if (preferred.length > 1) throw invalidParameter('Only one MFA can be preferred.')
  if (preferred.some(({ enabled }) => !enabled)) {
    throw invalidParameter('An MFA must be enabled to be preferred.')
  }
  return settings
}

/** A passkey that stands for both factors needs the pool's consent, and another factor beside it, lest its loss shuts the user out. */
function checkPasskeyMfa({ settings }: UserPool, others: ReadonlySet<Mfa>): void {
  if (settings.webAuthn.factorConfiguration !== 'MULTI_FACTOR_WITH_USER_VERIFICATION') {
    throw invalidParameter('Passkey MFA is not enabled for the user pool.')
  }
  if (others.size === 0) throw invalidParameter('Passkey MFA needs another MFA method beside it.')
}

function checkPossible(pool: UserPool, user: User, mfa: Mfa): void {
  if (!pool.settings.enabledMfas.includes(mfa))
    throw invalidParameter(`${mfa} is not enabled for the user pool.`)
  if (mfa === 'SOFTWARE_TOKEN_MFA' && !user.mfa.softwareToken) {
    throw invalidParameter('User has not verified software token mfa')
  }
  if (mfa === 'SMS_MFA' && !user.attributes.get('phone_number')) {
    throw invalidParameter('User does not have delivery config set to turn on SMS_MFA')
  }
  if (mfa === 'EMAIL_OTP' && !user.attributes.get('email')) {
    throw invalidParameter('User does not have delivery config set to turn on EMAIL_OTP')
  }
}
