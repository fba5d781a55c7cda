import { ServiceError } from '../server/service-error.ts'
import { provePassword } from '../sign-in/password-proof.ts'
import { phantomUser } from '../user-pool/phantom.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** Who signs in on the page with this name and password, or the message that is shown instead. Pages never tell who exists. */
export function checkPassword(
  pool: UserPool,
  name: string,
  password: string,
): { user: User } | { refused: string } {
  const user = pool.users.find(name) ?? phantomUser(pool, name)
  try {
    provePassword(pool, user, password)
    return { user }
  } catch (error) {
    if (error instanceof ServiceError) return { refused: error.message }
    throw error
  }
}
