import { ServiceError } from '../server/service-error.ts'
import type { Client } from '../user-pool/client.ts'
import { phantomUser } from '../user-pool/phantom.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { notAuthorized } from './refusal.ts'

/** The user of a name. For a name that nobody has, a phantom; where the client does not prevent it, `UserNotFoundException`. */
export function whoIs(pool: UserPool, client: Client, name: string): User {
  const user = pool.users.find(name)
  if (user) return user
  if (client.preventUserExistenceErrors === 'ENABLED') return phantomUser(pool, name)
  throw new ServiceError('UserNotFoundException', 'User does not exist.')
}

/** Throws when the state of the user, whatever the password, allows no sign-in. */
export function refuseState({ status, enabled }: User): void {
  if (!enabled) throw notAuthorized('User is disabled.')
  if (status === 'UNCONFIRMED') throw new ServiceError('UserNotConfirmedException', 'User is not confirmed.')
  if (status === 'RESET_REQUIRED') {
    throw new ServiceError('PasswordResetRequiredException', 'Password reset required for the user')
  }
}

/** Throws while wrong passwords or codes lock the user. */
export function refuseLocked(pool: UserPool, user: User): void {
  if (pool.lockouts.isLocked(user)) throw notAuthorized('Password attempts exceeded')
}
