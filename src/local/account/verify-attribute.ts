import type { Delivery } from '../sign-in/delivery.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import type { Contact } from '../user-pool/attributes.ts'
import { touch } from '../user-pool/password.ts'
import type { Occasion } from '../user-pool/custom-message.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { claimAlias } from './aliases.ts'
import { checkCode, codeExpired, sendCode } from './codes.ts'

/** Sends a code to the user's own address or number. */
export async function sendAttributeCode(
  pool: UserPool,
  user: User,
  attribute: string,
  by: Pick<Occasion, 'client' | 'clientMetadata'>,
): Promise<Delivery> {
  const contact = contactFrom(attribute)
  pool.attemptLimits.count(user, 'GetUserAttributeVerificationCode')
  const occasion = { ...by, source: 'VerifyUserAttribute' } as const
  if (user.attributes.get(contact))
    return sendCode(pool, user, { purpose: `attribute:${contact}`, attribute: contact, occasion })
  throw invalidParameter(`User does not have the attribute ${contact}.`)
}

/** Declares the address or number verified that the code was sent to. */
export function verifyAttribute(pool: UserPool, user: User, attribute: string, code: string): void {
  const contact = contactFrom(attribute)
  pool.attemptLimits.count(user, 'VerifyUserAttribute')
  const { value } = checkCode(pool, user, `attribute:${contact}`, code)
  const changed = user.attributes.get(contact) !== value
  // The value was changed meanwhile, and not to this one on its way.
  if (changed && !pool.settings.attributesRequireVerificationBeforeUpdate.includes(contact))
    throw codeExpired()
  claimAlias(pool, user, contact, { value })
  pool.confirmationCodes.forget(user, `attribute:${contact}`)
  user.attributes.set(contact, value).set(`${contact}_verified`, 'true')
  touch(pool, user)
}

function contactFrom(attribute: string): Contact {
  if (attribute === 'email' || attribute === 'phone_number') return attribute
  throw invalidParameter('Invalid attribute name: only email and phone_number can be verified.')
}
