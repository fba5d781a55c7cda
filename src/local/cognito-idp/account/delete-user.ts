import { removeUser } from '../../account/remove-user.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { callerOf } from '../caller.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'

/** DeleteUser: the user's own wish. */
export async function deleteUser(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken } = readInput(input, { AccessToken: model.accessToken })
  const { user } = await callerOf(pool, AccessToken)
  removeUser(pool, user)
  return {}
}
