import { ServiceError } from '../server/service-error.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** Whether users of the pool sign in with this attribute, in place of their name or beside it. */
export function isSignInAttribute(pool: UserPool, attribute: string): boolean {
  const { usernameAttributes, aliasAttributes } = pool.settings
  return [...usernameAttributes, ...aliasAttributes].some((name) => name === attribute)
}

/**
 * Makes sure that nobody else signs in with this value, which `user` is about to hold. `force` takes it away from whoever does.
 * Throws `AliasExistsException`.
 */
export function claimAlias(
  pool: UserPool,
  user: User | undefined,
  attribute: string,
  { value, force = false }: { value: string; force?: boolean },
): void {
  if (!isSignInAttribute(pool, attribute)) return
  const holder = pool.users.holderOf(attribute, value)
  if (!holder || holder === user) return
  if (!force) throw new ServiceError('AliasExistsException', accountExists(attribute))
  // The former holder keeps the address, and cannot sign in with it any more.
  holder.attributes.set(`${attribute}_verified`, 'false')
}

export function accountExists(attribute: string): string {
  return `An account with the given ${attribute} already exists.`
}
