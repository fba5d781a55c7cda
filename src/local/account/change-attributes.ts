import type { Delivery } from '../sign-in/delivery.ts'
import { touch } from '../user-pool/password.ts'
import type { Contact } from '../user-pool/attributes.ts'
import type { Occasion } from '../user-pool/custom-message.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { claimAlias } from './aliases.ts'
import type { GivenAttributes } from './attribute-rules.ts'
import { sendCode } from './codes.ts'

const contacts = ['email', 'phone_number'] as const

/**
 * Writes attributes that were checked; an empty value deletes. A new address or number counts as not verified, and gets a code
 * where the pool verifies it. Gives what was sent.
 */
export async function changeAttributes(
  pool: UserPool,
  user: User,
  given: GivenAttributes,
  by: Pick<Occasion, 'client' | 'clientMetadata'>,
): Promise<Delivery[]> {
  const preferredName = given.get('preferred_username')
  if (preferredName) claimAlias(pool, user, 'preferred_username', { value: preferredName })
  for (const contact of contacts) checkContact(pool, user, contact, given)
  const changed = contacts.filter((contact) => isNew(user, contact, given))
  const later = changed.filter((contact) => waitsForCode(pool, contact, given))
  for (const [name, value] of given) {
    if (later.some((contact) => contact === name)) continue
    if (value === '') user.attributes.delete(name)
    else user.attributes.set(name, value)
  }
  for (const contact of changed) {
    if (!later.includes(contact) && !given.has(`${contact}_verified`)) {
      user.attributes.set(`${contact}_verified`, 'false')
    }
  }
  for (const contact of contacts) {
    if (!user.attributes.has(contact)) user.attributes.delete(`${contact}_verified`)
  }
  touch(pool, user)
  const occasion = { ...by, source: 'UpdateUserAttribute' } as const
  const deliveries: Delivery[] = []
  for (const attribute of changed.filter((contact) => mustBeVerified(pool, contact, given))) {
    const code = { purpose: `attribute:${attribute}`, attribute, value: given.get(attribute) } as const
    deliveries.push(await sendCode(pool, user, { ...code, occasion }))
  }
  return deliveries
}

/** Nobody else may sign in with it. What a user signs in with in place of a name counts at once, an alias once it is verified. */
function checkContact(pool: UserPool, user: User, contact: Contact, given: GivenAttributes): void {
  const value = given.get(contact) ?? user.attributes.get(contact)
  if (!value) return
  const inPlaceOfName = pool.settings.usernameAttributes.includes(contact) && given.has(contact)
  if (inPlaceOfName || given.get(`${contact}_verified`) === 'true') claimAlias(pool, user, contact, { value })
}

function isNew(user: User, contact: Contact, given: GivenAttributes): boolean {
  const value = given.get(contact)
  return value !== undefined && value !== '' && value !== user.attributes.get(contact)
}

function mustBeVerified(pool: UserPool, contact: Contact, given: GivenAttributes): boolean {
  return pool.settings.autoVerifiedAttributes.includes(contact) && given.get(`${contact}_verified`) !== 'true'
}

/** `AttributesRequireVerificationBeforeUpdate`: the old value stays until the code of the new one is typed. */
function waitsForCode(pool: UserPool, contact: Contact, given: GivenAttributes): boolean {
  return (
    pool.settings.attributesRequireVerificationBeforeUpdate.includes(contact) &&
    mustBeVerified(pool, contact, given)
  )
}
