import { ServiceError } from '../server/service-error.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** Throws unless this is the id of the pool, and it is still there. */
export function checkPoolId(pool: UserPool, userPoolId: string): void {
  if (userPoolId === pool.userPoolId && !pool.isDeleted) return
  throw new ServiceError('ResourceNotFoundException', `User pool ${userPoolId} does not exist.`)
}
