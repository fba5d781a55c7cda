import { equalSecrets, randomToken } from '../lib/secrets.ts'
import { authorizationRequest, type AuthorizationRequest } from '../oauth/authorization-request.ts'
import type { LocalHandler, LocalRequest, LocalResponse } from '../server/http.ts'
import { cookie } from '../user-pool/browser-session.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { errorResponse } from './error-page.ts'
import { languageOf } from './languages/index.ts'
import type { Texts } from './languages/texts.ts'

/** One request for a page of the managed login, whose authorization request was checked. */
export interface Visit {
  pool: UserPool
  texts: Texts
  asked: AuthorizationRequest
  /** Path and query as sent. */
  url: URL
  /** What every form carries. */
  csrf: string
  /** For the browser to keep. */
  cookies: string[]
}

/** What a page does: shows itself, or answers its form, whose `fields` are given. */
export type Screen = (visit: Visit, fields?: URLSearchParams) => LocalResponse | Promise<LocalResponse>

/** A page behind the checks that all have in common: the authorization request anew, and whose form it is. */
export function screen(pool: UserPool, show: Screen): LocalHandler {
  return (request) => {
    const asked = authorizationRequest(pool, request.url.searchParams)
    if ('status' in asked) return asked
    const { texts, cookies } = languageOf(request)
    const browser = browserToken(request)
    const visit = {
      pool,
      texts,
      asked,
      url: request.url,
      csrf: browser.token,
      cookies: [...cookies, browser.cookie],
    }
    if (request.method !== 'POST') return show(visit)
    const fields = new URLSearchParams(request.body.toString('utf8'))
    return isOwnForm(request, fields) ? show(visit, fields) : errorResponse(request, 'invalid_csrf', 403)
  }
}

const cookieName = 'XSRF-TOKEN'

/** What this browser is known by before anybody signs in, and the `Set-Cookie` value that lets it be known. */
export function browserToken(request: LocalRequest): { token: string; cookie: string } {
  // Kept while the browser has one that we could have made: two tabs with a form each must both work.
  const token = /^[\w-]{43}$/.exec(cookie(request, cookieName) ?? '')?.[0] ?? randomToken()
  return { token, cookie: `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Lax` }
}

/** Double submit: another site can send the form, but neither read nor set this browser's cookie. */
export function isOwnForm(request: LocalRequest, fields: URLSearchParams): boolean {
  const sent = cookie(request, cookieName)
  return sent !== undefined && sent !== '' && equalSecrets(fields.get('csrf') ?? '', sent)
}
