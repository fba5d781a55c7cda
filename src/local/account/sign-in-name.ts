import { ServiceError } from '../server/service-error.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import type { Contact } from '../user-pool/attributes.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { accountExists } from './aliases.ts'

const forms = { email: /^[^\s@]+@[^\s@]+$/, phone_number: /^\+\d{1,15}$/ }
const words = { email: 'an email', phone_number: 'a phone number' }

/**
 * Checks the `Username` of a new user. Where users sign in with an e-mail address or phone number, it is that: gives the attribute
 * that it becomes, while the internal name will be the `sub`.
 */
export function checkNewName(
  pool: UserPool,
  username: string,
  alreadyExists = 'User already exists',
): Contact | undefined {
  const { usernameAttributes, aliasAttributes } = pool.settings
  if (usernameAttributes.length > 0) return signInAttribute(pool, username)
  for (const [attribute, kind] of [
    ['email', 'email'],
    ['phone_number', 'phone number'],
  ] as const) {
    if (aliasAttributes.includes(attribute) && forms[attribute].test(username)) {
      throw invalidParameter(
        `Username cannot be of ${kind} format, since user pool is configured for ${kind} alias.`,
      )
    }
  }
  if (pool.users.get(username)) throw new ServiceError('UsernameExistsException', alreadyExists)
  return undefined
}

function signInAttribute(pool: UserPool, username: string): Contact {
  const { usernameAttributes } = pool.settings
  const attribute = usernameAttributes.find((name) => forms[name].test(username))
  if (!attribute) {
    const [only, other] = usernameAttributes
    if (only && !other) throw invalidParameter(`Username should be ${words[only]}.`)
    throw invalidParameter('Username should be either an email or a phone number.')
  }
  if (pool.users.holderOf(attribute, username)) {
    throw new ServiceError('UsernameExistsException', accountExists(attribute))
  }
  return attribute
}
