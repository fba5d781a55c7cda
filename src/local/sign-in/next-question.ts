import type { Attempt } from '../user-pool/auth-sessions.ts'
import { missingAttributes } from '../user-pool/attributes.ts'
import { temporaryPasswordExpired } from '../user-pool/password.ts'
import type { TokenSource } from '../user-pool/token-overrides.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { isRemembered } from './device-tracking.ts'
import { finish } from './finish.ts'
import { askMfa, mfaApplies } from './mfa.ts'
import { ask } from './questions.ts'
import { notAuthorized } from './refusal.ts'

/** What follows a right password: a new password, where it was a temporary one, or whatever follows any first factor. */
export async function afterPassword(pool: UserPool, attempt: Attempt): Promise<object> {
  const { user } = attempt
  if (user.status !== 'FORCE_CHANGE_PASSWORD') return afterFirstFactor(pool, attempt)
  if (temporaryPasswordExpired(pool, user)) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.')
  }
  const attributes = Object.fromEntries([...user.attributes].filter(([name]) => name !== 'sub'))
  const missing = missingAttributes(pool.settings.schema, user.attributes)
  return ask(
    pool,
    attempt,
    { name: 'NEW_PASSWORD_REQUIRED' },
    {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(missing.map((name) => `userAttributes.${name}`)),
      userAttributes: JSON.stringify(attributes),
    },
  )
}

/** What follows the first factor: the device or the second factor, where one is wanted, or tokens. */
export async function afterFirstFactor(
  pool: UserPool,
  attempt: Attempt,
  source?: TokenSource,
): Promise<object> {
  if (!mfaApplies(pool, attempt)) return finish(pool, attempt, source)
  if (isRemembered(pool, attempt.user, attempt.deviceKey)) {
    return ask(pool, attempt, { name: 'DEVICE_SRP_AUTH' }, { USERNAME: attempt.user.username })
  }
  return askMfa(pool, attempt)
}
