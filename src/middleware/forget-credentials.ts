import type { IdentityPool } from '../identity/identity-pool.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import type { Tokens } from '../user-pool/tokens.ts'

/**
 * Drops the cached credentials of the user of a sign-in that has ended. Forgetting opens nothing, so the token need not be
 * verified.
 */
export function forgetCredentials(identityPool: IdentityPool | undefined, { idToken }: Tokens): void {
  const { iss, aud, sub } = unverifiedPayload(idToken)
  if ([iss, aud, sub].some((claim) => typeof claim !== 'string' || claim === '')) return
  identityPool?.forget({ issuer: iss as string, clientId: aud as string, subject: sub as string })
}
