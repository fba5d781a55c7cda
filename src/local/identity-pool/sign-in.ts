import { loginsDoNotMatch, type Identity } from './identities.ts'
import { amrOf } from './login-provider.ts'
import { verifyLogins, type VerifiedLogins } from './logins.ts'
import type { PoolIdentity } from './openid-tokens.ts'
import type { IdentityPool } from './pool.ts'
import { principalTagsOf } from './principal-tags.ts'
import { assertGuestsAllowed, findIdentity, notAuthorized } from './refusals.ts'

/** Somebody who asks for credentials or a token of an identity, after their logins were checked. */
export interface SignIn extends VerifiedLogins {
  identity: Identity
  isGuest: boolean
}

/**
 * Checks that an identity may be used with these logins, or without any. Nothing changes yet: what else may be refused comes
 * before {@link claimIdentity}.
 */
export async function verifySignIn(
  pool: IdentityPool,
  identityId: string,
  logins: Record<string, string>,
): Promise<SignIn> {
  const identity = findIdentity(pool, identityId)
  if (Object.keys(logins).length === 0) assertUsableWithoutLogins(pool, identity, identityId)
  const verified = await verifyLogins(pool, logins)
  const { ownToken } = verified
  if (ownToken && pool.identities.find(ownToken.subject) !== identity) throw loginsDoNotMatch()
  const isGuest = verified.logins.length === 0 && !ownToken?.amr.includes('authenticated')
  // A token from the time when the identity was a guest's.
  if (isGuest) assertUsableWithoutLogins(pool, identity, identityId)
  return { ...verified, identity, isGuest }
}

function assertUsableWithoutLogins(pool: IdentityPool, identity: Identity, identityId: string): void {
  if (identity.needsLogin) throw notAuthorized(`Access to Identity '${identityId}' is forbidden.`)
  assertGuestsAllowed(pool)
}

/** Links new logins and merges identities; the identity may be another one afterwards. */
export function claimIdentity(pool: IdentityPool, { identity, logins, ownToken }: SignIn): Identity {
  if (logins.length === 0) return identity
  const isProven = ownToken?.amr.includes('authenticated') === true
  return isProven ? pool.identities.join(identity, logins) : pool.identities.claim(identity, logins)
}

/** What STS, and policies, are told of an identity that signed in this way. */
export function poolIdentity(pool: IdentityPool, identity: Identity, signIn: SignIn): PoolIdentity {
  const { isGuest, logins, ownToken } = signIn
  const own = ownToken?.amr.includes('authenticated') ? ownToken.amr : []
  const amr = isGuest ? ['unauthenticated'] : ['authenticated', ...own, ...logins.flatMap(amrOf)]
  return {
    subject: identity.id,
    amr: [...new Set(amr)],
    principalTags: { ...ownToken?.principalTags, ...principalTagsOf(pool, logins) },
  }
}
