import type { Federation } from '../federation/index.ts'
import type { LocalHandler } from '../server/http.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { standsFor } from '../user-pool/browser-session.ts'
import { authorizationRequest } from './authorization-request.ts'
import { respond } from './authorization-response.ts'
import { redirect, withParameters } from './parameters.ts'

/** `GET /oauth2/authorize`: never a page; straight back with a code, or on to `/login` or to an identity provider. */
export function authorize(pool: UserPool, federation: Federation): LocalHandler {
  return (request) => {
    const asked = authorizationRequest(pool, request.url.searchParams)
    if ('status' in asked) return asked
    const { prompts, maxAgeSeconds = Infinity, redirectUri, state } = asked
    const session = pool.browserSessions.find(request)
    const now = pool.clock.nowSeconds()
    const isFresh =
      session && standsFor(session, asked.client, now) && now - session.authTime <= maxAgeSeconds
    if (isFresh && !prompts.includes('login')) return respond(pool, asked, session)
    if (prompts.includes('none'))
      return redirect(withParameters(redirectUri, { error: 'login_required', state }))
    return asked.provider
      ? federation.start(request, asked, asked.provider)
      : redirect(`${pool.domainPath}/login${request.url.search}`)
  }
}
