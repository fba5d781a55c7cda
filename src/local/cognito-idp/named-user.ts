import { ServiceError } from '../server/service-error.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'
import { checkPoolId } from './pool-id.ts'

/** The user that an administrator's operation names with `UserPoolId` and `Username` (name, `sub` or alias). */
export function namedUser(pool: UserPool, input: Input): User {
  const { UserPoolId, Username } = readInput(input, {
    UserPoolId: model.userPoolId,
    Username: model.username,
  })
  checkPoolId(pool, UserPoolId)
  const user = pool.users.find(Username)
  if (user) return user
  throw new ServiceError('UserNotFoundException', 'User does not exist.')
}
