import { sendAdminResetCode } from '../../account/forgot-password.ts'
import { checkNewPassword } from '../../sign-in/new-password.ts'
import { boolean, optional } from '../../server/members.ts'
import { setPassword } from '../../user-pool/password.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { namedUser } from '../named-user.ts'

/** AdminSetUserPassword: a permanent password confirms the user; a temporary one (the default) must be changed at the next sign-in. */
export function adminSetUserPassword(pool: UserPool, input: Input): object {
  const { Password, Permanent = false } = readInput(input, {
    ...model.poolAndUser,
    Password: model.password,
    Permanent: optional(boolean),
  })
  const user = namedUser(pool, input)
  checkNewPassword(pool, user, Password)
  setPassword(pool, user, Password, { temporary: !Permanent })
  return {}
}

/** AdminResetUserPassword: the password works no longer, and a code for a new one is sent. */
export async function adminResetUserPassword(pool: UserPool, input: Input): Promise<object> {
  const { ClientMetadata } = readInput(input, {
    ...model.poolAndUser,
    ClientMetadata: optional(model.metadata),
  })
  await sendAdminResetCode(pool, namedUser(pool, input), ClientMetadata)
  return {}
}
