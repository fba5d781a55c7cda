import { ServiceError } from '../server/service-error.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** Throws unless this is the id of the one pool that there is. */
export function checkPoolId(pool: UserPool, userPoolId: string): void {
  if (userPoolId === pool.userPoolId) return
  throw new ServiceError('ResourceNotFoundException', `User pool ${userPoolId} does not exist.`)
}
