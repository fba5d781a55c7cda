import { randomToken } from '../lib/secrets.ts'
import { errorResponse } from '../managed-login/error-page.ts'
import { respond } from '../oauth/authorization-response.ts'
import { redirect, repeatedParameter, withParameters } from '../oauth/parameters.ts'
import type { LocalHandler, LocalResponse } from '../server/http.ts'
import { ServiceError } from '../server/service-error.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { federatedUser } from './federated-user.ts'
import { isSameBrowser } from './pretend-provider.ts'
import type { ProviderSignIn, ProviderSignIns } from './provider-sign-ins.ts'

/** `GET /oauth2/idpresponse`: a provider's answer, which ends at the app whether it is good or bad. */
export function identityProviderResponse(pool: UserPool, signIns: ProviderSignIns): LocalHandler {
  return async (request) => {
    const query = request.url.searchParams
    const pending = repeatedParameter(query) ? undefined : signIns.pending.get(query.get('state') ?? '')
    if (!pending || !isSameBrowser(request, pending)) return errorResponse(request, 'invalid_state')
    signIns.pending.delete(query.get('state') ?? '')
    const answer = signIns.codes.take(query.get('code') ?? '')
    if (answer?.provider !== pending.provider) return refused(pending, providerError(pending, query))
    const { asked, provider } = pending
    try {
      const user = await federatedUser(pool, asked.client, { provider, claims: answer.claims })
      const session = { user, authTime: pool.clock.nowSeconds() }
      // A nonce of Cognito's own, where the app sent none (developer guide, "Understanding the identity (ID) token").
      const withNonce = { ...asked, nonce: asked.nonce ?? randomToken() }
      return await respond(pool, withNonce, session, [
        pool.browserSessions.start(user, pool.clients.values()),
      ])
    } catch (error) {
      if (error instanceof ServiceError) return refused(pending, error.message)
      throw error
    }
  }
}

/** Whatever goes wrong with a provider is an `invalid_request` (developer guide, "Authorize endpoint"). */
function refused({ asked }: ProviderSignIn, description: string): LocalResponse {
  const { redirectUri, state } = asked
  return redirect(
    withParameters(redirectUri, { error_description: description, state, error: 'invalid_request' }),
  )
}

function providerError({ provider }: ProviderSignIn, query: URLSearchParams): string {
  const [error, description] = [query.get('error') ?? 'invalid_grant', query.get('error_description') ?? '']
  return `${provider.providerName} Error - 400 ${error} ${description}`.trim().slice(0, 500)
}
