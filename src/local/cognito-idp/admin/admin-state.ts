import { confirm, refuseConfirmed } from '../../account/confirm-sign-up.ts'
import { removeUser } from '../../account/remove-user.ts'
import { optional } from '../../server/members.ts'
import { touch } from '../../user-pool/password.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { namedUser } from '../named-user.ts'

/** AdminConfirmSignUp: confirms a user without a code; the address stays unverified. */
export async function adminConfirmSignUp(pool: UserPool, input: Input): Promise<object> {
  const { ClientMetadata } = readInput(input, {
    ...model.poolAndUser,
    ClientMetadata: optional(model.metadata),
  })
  const user = namedUser(pool, input)
  refuseConfirmed(pool, user)
  await confirm(pool, user, undefined, ClientMetadata)
  return {}
}

/** AdminDisableUser: no sign-in any more, and the end of all that there are. */
export function adminDisableUser(pool: UserPool, input: Input): object {
  const user = namedUser(pool, input)
  user.enabled = false
  pool.signIns.revokeAll(user)
  touch(pool, user)
  return {}
}

/** AdminEnableUser */
export function adminEnableUser(pool: UserPool, input: Input): object {
  const user = namedUser(pool, input)
  user.enabled = true
  touch(pool, user)
  return {}
}

/** AdminDeleteUser */
export function adminDeleteUser(pool: UserPool, input: Input): object {
  removeUser(pool, namedUser(pool, input))
  return {}
}
