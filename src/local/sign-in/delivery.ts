import { wordedMessage, type Occasion } from '../user-pool/custom-message.ts'
import type { MessagePurpose } from '../user-pool/outbox.ts'
import { exists } from '../user-pool/phantom.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** Where a code went, as Cognito shows it. */
export interface Delivery {
  destination: string
  medium: 'EMAIL' | 'SMS'
  attribute: 'email' | 'phone_number'
}

/**
 * "Sends" a code to the user's e-mail address or phone number, or to one that is about to become the user's. To a phantom
 * nothing is sent, and it looks the same.
 */
export async function deliver(
  pool: UserPool,
  user: User,
  attribute: Delivery['attribute'],
  {
    purpose,
    code,
    occasion,
    to = user.attributes.get(attribute) ?? '',
  }: { purpose: MessagePurpose; code: string; occasion: Occasion; to?: string },
): Promise<Delivery> {
  const medium = attribute === 'email' ? 'EMAIL' : 'SMS'
  if (exists(pool, user)) {
    const name = signInName(pool, user)
    const words = await wordedMessage(pool, user, { medium, purpose, occasion, code, name })
    pool.outbox.send({ medium, to, username: user.username, purpose, code, ...words })
  }
  return { destination: masked(to, medium), medium, attribute }
}

/** What the user types at the sign-in. */
function signInName(pool: UserPool, user: User): string {
  const [attribute] = pool.settings.usernameAttributes.filter((name) => user.attributes.has(name))
  return (attribute && user.attributes.get(attribute)) ?? user.username
}

/** `t***@e***` and `+*******9934`. */
export function masked(to: string, medium: Delivery['medium']): string {
  if (medium === 'SMS') return `+${'*'.repeat(Math.max(0, to.length - 5))}${to.slice(-4)}`
  const [name = '', host = ''] = to.split('@')
  return `${name.charAt(0)}***@${host.charAt(0)}***`
}

/** The parameters of a challenge that asks for a code. */
export function deliveryParameters({ destination, medium }: Delivery): Record<string, string> {
  return { CODE_DELIVERY_DELIVERY_MEDIUM: medium, CODE_DELIVERY_DESTINATION: destination }
}
