import type { Clock } from '../lib/clock.ts'
import { createExpiringMap, type ExpiringMap } from '../lib/expiring-map.ts'
import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import type { ExternalClaims, IdentityProvider } from '../user-pool/identity-providers.ts'

/** A browser that was sent to a provider. */
export interface ProviderSignIn {
  asked: AuthorizationRequest
  provider: IdentityProvider
  /** Which browser: nobody else's answer is taken. */
  browser: string
}

export interface ProviderSignIns {
  /** By the `state` between this server and the provider. */
  pending: ExpiringMap<ProviderSignIn>
  /** By the provider's code: what it says about who signed in. */
  codes: ExpiringMap<{ provider: IdentityProvider; claims: ExternalClaims }>
}

/** How long a sign-in at a provider may take (developer guide, "Managed login": five minutes for a prompt). */
export const providerLifetimeSeconds = 300

export function createProviderSignIns(clock: Clock): ProviderSignIns {
  return { pending: createExpiringMap(clock), codes: createExpiringMap(clock) }
}
