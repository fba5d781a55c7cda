import type { LocalHandler } from '../server/http.ts'
import { looksLikeJwt } from '../user-pool/access-token.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { authenticateClient, OAuthError } from './client-authentication.ts'
import { formParameters, repeatedParameter } from './parameters.ts'

/** `POST /oauth2/revoke`: ends the sign-in that the refresh token belongs to. 200 and nothing, also for unknown tokens. */
export function revoke(pool: UserPool): LocalHandler {
  return (request) => {
    const parameters = formParameters(request)
    const client = clientOr401(() => authenticateClient(pool, request, parameters))
    const token = parameters.get('token')
    if (!token || repeatedParameter(parameters) || !client.enableTokenRevocation)
      throw new OAuthError('invalid_request')
    if (looksLikeJwt(token)) throw new OAuthError('unsupported_token_type')
    if (pool.refreshTokens.revoke(token, client) === 'foreign') throw new OAuthError('invalid_request')
    return { status: 200, headers: { 'access-control-allow-origin': '*', 'cache-control': 'no-store' } }
  }
}

/** This endpoint, unlike the token endpoint, answers a refused client with 401. */
function clientOr401<T>(authenticate: () => T): T {
  try {
    return authenticate()
  } catch (error) {
    if (error instanceof OAuthError && error.error === 'invalid_client') {
      throw new OAuthError('invalid_client', undefined, 401)
    }
    throw error
  }
}
