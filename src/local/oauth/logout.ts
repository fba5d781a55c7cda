import type { Client } from '../user-pool/client.ts'
import type { LocalHandler } from '../server/http.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { errorResponse } from '../managed-login/error-page.ts'
import { redirect } from './parameters.ts'

/**
 * `GET /logout` with Cognito's parameters, not those of OpenID Connect: `client_id` and `logout_uri`, or `client_id` and the
 * parameters of a new sign-in. Ends the browser's session; tokens stay valid.
 */
export function logout(pool: UserPool): LocalHandler {
  return (request) => {
    const query = request.url.searchParams
    const client = pool.clients.get(query.get('client_id') ?? '')
    const location = client && destination(pool, client, query)
    if (location === undefined) return errorResponse(request, 'invalid_logout')
    return redirect(location, [pool.browserSessions.end(request)])
  }
}

function destination(pool: UserPool, client: Client, query: URLSearchParams): string | undefined {
  const logoutUri = query.get('logout_uri')
  if (logoutUri !== null) return client.logoutURLs.includes(logoutUri) ? logoutUri : undefined
  if (!client.callbackURLs.includes(query.get('redirect_uri') ?? '')) return undefined
  const signIn = new URLSearchParams(query)
  // Not supported here (developer guide, "Logout endpoint").
  signIn.delete('identity_provider')
  if (!signIn.get('scope')) signIn.set('scope', client.scopes.join(' '))
  return `${pool.domainPath}/login?${signIn.toString()}`
}
