import { ServiceError } from '../server/service-error.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { readStrings, type Input } from './input.ts'
import { checkPoolId } from './pool-id.ts'

/** The user that an administrator's operation names with `UserPoolId` and `Username` (name, `sub` or alias). */
export function namedUser(pool: UserPool, input: Input): User {
  const { UserPoolId, Username } = readStrings(input, ['UserPoolId', 'Username'])
  checkPoolId(pool, UserPoolId)
  const user = pool.users.find(Username)
  if (user) return user
  throw new ServiceError('UserNotFoundException', 'User does not exist.')
}
