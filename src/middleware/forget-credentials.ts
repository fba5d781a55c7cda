import type { IdentityPool } from '../identity/identity-pool.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import { handleOf, type HeldTokens } from '../user-pool/sign-in-handle.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/**
 * Drops the cached credentials of the user of a sign-in that has ended. Forgetting opens nothing, so what names the user need
 * not be verified.
 */
export function forgetCredentials(
  { identityPool, userPool }: { identityPool?: IdentityPool | undefined; userPool: UserPool },
  held: HeldTokens,
): void {
  const handle = handleOf(held)
  const { iss, aud, sub } = handle
    ? { iss: userPool.issuer, aud: handle.clientId, sub: handle.sub }
    : unverifiedPayload((held as { idToken: string }).idToken)
  if ([iss, aud, sub].some((claim) => typeof claim !== 'string' || claim === '')) return
  identityPool?.forget({ issuer: iss as string, clientId: aud as string, subject: sub as string })
}
