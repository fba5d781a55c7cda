import type { UserPool } from '../user-pool/user-pool.ts'
import { callerOf } from './caller.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'
import { namedUser } from './named-user.ts'

/** GlobalSignOut: ends every sign-in of the user for Cognito's own APIs. Cookies of the domain stay. */
export async function globalSignOut(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken } = readInput(input, { AccessToken: model.accessToken })
  const { user, signIn } = await callerOf(pool, AccessToken)
  pool.signIns.revokeAll(user)
  if (signIn) signIn.revoked = true
  return {}
}

/** AdminUserGlobalSignOut: the same for a named user. */
export function adminUserGlobalSignOut(pool: UserPool, input: Input): object {
  pool.signIns.revokeAll(namedUser(pool, input))
  return {}
}
