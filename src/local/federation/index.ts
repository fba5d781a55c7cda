import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import type { LocalHandler, LocalRequest, LocalResponse } from '../server/http.ts'
import type { IdentityProvider } from '../user-pool/identity-providers.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { identityProviderResponse } from './identity-provider-response.ts'
import { pretendProvider } from './pretend-provider.ts'
import { createProviderSignIns } from './provider-sign-ins.ts'
import { startAtProvider } from './start.ts'

/** Sign-in with identity providers. */
export interface Federation {
  /** Sends the browser to a provider. */
  start(request: LocalRequest, asked: AuthorizationRequest, provider: IdentityProvider): LocalResponse
  /** `/oauth2/idpresponse`: the browser comes back. */
  respond: LocalHandler
  /** The page that plays every provider. */
  pretendProvider: LocalHandler
}

export function createFederation(pool: UserPool): Federation {
  const signIns = createProviderSignIns(pool.clock)
  return {
    start: (request, asked, provider) => startAtProvider(pool, signIns, { request, asked, provider }),
    respond: identityProviderResponse(pool, signIns),
    pretendProvider: pretendProvider(pool, signIns),
  }
}
