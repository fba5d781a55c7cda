import type { IdentityPool } from '../identity/identity-pool.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import { handleOf, type HeldTokens } from '../user-pool/sign-in-handle.ts'
import { areTokens } from '../user-pool/tokens.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/**
 * Drops the cached credentials of the user of a sign-in that has ended. Forgetting opens nothing, so what names the user need
 * not be verified.
 */
export function forgetCredentials(
  { identityPool, userPool }: { identityPool?: IdentityPool | undefined; userPool: UserPool },
  held: HeldTokens,
): void {
  const { iss, aud, sub } = areTokens(held) ? unverifiedPayload(held.idToken) : nameOf(held)
  // A handle does not say under which of the two names of its issuer the user signed in.
  for (const issuer of iss === undefined ? userPool.issuers : [iss]) {
    if ([issuer, aud, sub].some((claim) => typeof claim !== 'string' || claim === '')) continue
    identityPool?.forget({ issuer: issuer as string, clientId: aud as string, subject: sub as string })
  }
}

function nameOf(held: HeldTokens): { iss?: unknown; aud?: unknown; sub?: unknown } {
  const { clientId, sub } = handleOf(held) ?? {}
  return { aud: clientId, sub }
}
