import { isPasswordOf } from '../user-pool/password.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { notAuthorized, wrongPassword } from './refusal.ts'
import { refuseLocked, refuseState } from './who.ts'

/** Throws unless this is the user's password and the user may sign in. */
export function provePassword(pool: UserPool, user: User, password: string): void {
  countProof(pool, user, () => isPasswordOf(user, password))
}

/** Counts a proof of the password towards the lockout; throws when it fails, or must not even be tried. */
export function countProof(pool: UserPool, user: User, isRight: () => boolean): void {
  refuseLocked(pool, user)
  refuseState(user)
  if (!isRight()) {
    pool.lockouts.failed(user)
    throw notAuthorized(wrongPassword)
  }
  pool.lockouts.succeeded(user)
}
