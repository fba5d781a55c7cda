import type { UserPool } from '../../user-pool/user-pool.ts'
import type { Input } from '../input.ts'
import { namedUser } from '../named-user.ts'
import { attributesOutput, stateOutput } from './user-output.ts'

/** AdminGetUser: everything about a user but the password. */
export function adminGetUser(pool: UserPool, input: Input): object {
  const user = namedUser(pool, input)
  const { enabled, preferred } = user.mfa
  return {
    Username: user.username,
    UserAttributes: attributesOutput(user),
    ...stateOutput(user),
    PreferredMfaSetting: preferred,
    // Absent rather than empty.
    UserMFASettingList: enabled.size > 0 ? [...enabled] : undefined,
  }
}
