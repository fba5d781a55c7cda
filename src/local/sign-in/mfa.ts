import type { Attempt } from '../user-pool/auth-sessions.ts'
import { atSignIn } from '../user-pool/custom-message.ts'
import { sixDigits } from '../user-pool/confirmation-codes.ts'
import type { Mfa } from '../user-pool/mfa.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { deliver, deliveryParameters } from './delivery.ts'
import { ask } from './questions.ts'
import { invalidParameter } from './refusal.ts'

/** Whether this sign-in needs a second factor: always where MFA is on, for users who set one up where it is optional. */
export function mfaApplies(pool: UserPool, { user, flow }: Attempt): boolean {
  const { mfaConfiguration } = pool.settings
  // A custom flow decides by itself what it asks.
  if (mfaConfiguration === 'OFF' || flow === 'CUSTOM_AUTH') return false
  return mfaConfiguration === 'ON' || usableMfas(pool, user).length > 0
}

/** The factors that the user can answer now. */
export function usableMfas(pool: UserPool, user: User): Mfa[] {
  return pool.settings.enabledMfas.filter((mfa) => isUsable(pool, user, mfa))
}

function isUsable(pool: UserPool, user: User, mfa: Mfa): boolean {
  if (mfa === 'SOFTWARE_TOKEN_MFA') return user.mfa.enabled.has(mfa) && user.mfa.softwareToken !== undefined
  const attribute = mfa === 'SMS_MFA' ? 'phone_number' : 'email'
  if (!user.attributes.get(attribute)) return false
  if (user.mfa.enabled.has(mfa)) return true
  // Where MFA is on, a verified number or address is enough, unless it is the way back into the account.
  return (
    pool.settings.mfaConfiguration === 'ON' &&
    user.attributes.get(`${attribute}_verified`) === 'true' &&
    pool.settings.recoveryMechanisms[0] !== `verified_${attribute}`
  )
}

/** Asks for the second factor: the preferred one, the only one, a choice, or to set one up. */
export async function askMfa(pool: UserPool, attempt: Attempt): Promise<object> {
  const { user } = attempt
  const usable = usableMfas(pool, user)
  const [only, ...others] = usable
  if (only === undefined) return askSetup(pool, attempt)
  const { preferred } = user.mfa
  if (preferred && usable.includes(preferred)) return askFactor(pool, attempt, preferred)
  if (others.length === 0) return askFactor(pool, attempt, only)
  return ask(
    pool,
    attempt,
    { name: 'SELECT_MFA_TYPE', mfas: usable },
    { MFAS_CAN_CHOOSE: JSON.stringify(usable), USER_ID_FOR_SRP: user.username },
  )
}

/** Asks for a code of one factor. */
export async function askFactor(pool: UserPool, attempt: Attempt, mfa: Mfa): Promise<object> {
  const { user } = attempt
  const id = { USER_ID_FOR_SRP: user.username }
  if (mfa === 'SOFTWARE_TOKEN_MFA') {
    const name = user.mfa.softwareToken?.friendlyDeviceName
    return ask(pool, attempt, { name: mfa }, name === undefined ? id : { ...id, FRIENDLY_DEVICE_NAME: name })
  }
  const code = sixDigits()
  const attribute = mfa === 'SMS_MFA' ? 'phone_number' : 'email'
  const delivery = await deliver(pool, user, attribute, { purpose: 'MFA', code, occasion: atSignIn(attempt) })
  const pending = mfa === 'SMS_MFA' ? { name: mfa, code } : { name: mfa, code, first: false }
  return ask(pool, attempt, pending, { ...deliveryParameters(delivery), ...id })
}

/** A pool that demands a factor from a user who has none: an authenticator app or an e-mail address can be set up on the way. */
function askSetup(pool: UserPool, attempt: Attempt): object {
  const { user } = attempt
  const mfas = pool.settings.enabledMfas.filter(
    (mfa) => mfa === 'SOFTWARE_TOKEN_MFA' || (mfa === 'EMAIL_OTP' && !user.attributes.has('email')),
  )
  if (mfas.length === 0) throw invalidParameter('User does not have an MFA factor that this pool accepts.')
  return ask(
    pool,
    attempt,
    { name: 'MFA_SETUP', mfas, softwareToken: undefined, verified: false },
    { MFAS_CAN_SETUP: JSON.stringify(mfas), USER_ID_FOR_SRP: user.username },
  )
}
