import type { LocalHandler } from '../server/http.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { authorizationRequest, redirectToApp } from './authorization-request.ts'
import { redirect, withParameters } from './parameters.ts'

/** `GET /oauth2/authorize`: never a page; straight back with a code, or on to `/login` with the same parameters. */
export function authorize(pool: UserPool): LocalHandler {
  return (request) => {
    const asked = authorizationRequest(pool, request.url.searchParams)
    if ('status' in asked) return asked
    const session = pool.browserSessions.find(request)
    if (session && !asked.prompts.includes('login')) return redirectToApp(pool, asked, session)
    if (asked.prompts.includes('none')) {
      return redirect(withParameters(asked.redirectUri, { error: 'login_required', state: asked.state }))
    }
    return redirect(`/login${request.url.search}`)
  }
}
