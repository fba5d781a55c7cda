import type { Delivery } from '../sign-in/delivery.ts'
import { ServiceError } from '../server/service-error.ts'
import type { Client } from '../user-pool/client.ts'
import type { Occasion } from '../user-pool/custom-message.ts'
import type { CodePurpose } from '../user-pool/confirmation-codes.ts'
import { phantomUser } from '../user-pool/phantom.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { sendCode } from './codes.ts'

/**
 * The user whose account an app without a token asks about. For a name that nobody has, a phantom, whose codes are never sent;
 * where the client does not prevent it, `UserNotFoundException` in the words of these operations.
 */
export function accountOf(pool: UserPool, client: Client, name: string): User {
  const user = pool.users.find(name)
  if (user) return user
  if (client.preventUserExistenceErrors === 'ENABLED') return phantomUser(pool, name)
  throw new ServiceError('UserNotFoundException', 'Username/client id combination not found.')
}

/** What a phantom seems to be sent: it follows from the name that was given and the settings of the pool. */
export async function simulatedDelivery(
  pool: UserPool,
  phantom: User,
  code: { purpose: CodePurpose; occasion: Occasion },
): Promise<Delivery> {
  const { recoveryMechanisms, usernameAttributes } = pool.settings
  const [only, other] = usernameAttributes
  const byPhone = recoveryMechanisms[0] === 'verified_phone_number' || (only === 'phone_number' && !other)
  const attribute = byPhone ? 'phone_number' : 'email'
  return sendCode(pool, phantom, { ...code, attribute })
}
