import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** Deletes a user, with everything that still works for it. */
export function removeUser(pool: UserPool, user: User): void {
  pool.users.remove(user)
  pool.signIns.revokeAll(user)
  // Browser sessions, codes and open sign-ins hold the user itself.
  user.enabled = false
}
