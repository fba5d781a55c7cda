import type { IncomingHttpHeaders } from 'node:http'
import { ConfigurationError } from '../errors.ts'
import type { Session } from '../lib/session.ts'

/** The request as express-session and Express leave it. */
export interface CookieRequest {
  headers?: IncomingHttpHeaders | undefined
  sessionID?: string | undefined
  /** Express' own word on the protocol, `trust proxy` considered. */
  secure?: boolean | undefined
}

/**
 * Throws {@link ConfigurationError} when the browser will not get or not keep the session cookie: the sign-in
 * could not be finished, and the reason would show nowhere. express-session sends no `Secure` cookie on what it
 * takes for plain http, and browsers drop `SameSite=None` without `Secure`.
 */
export function assertCookieArrives(req: CookieRequest, session: Session): void {
  const { secure, sameSite } = (session['cookie'] ?? {}) as { secure?: unknown; sameSite?: unknown }
  if (secure !== true && /^none$/i.test(String(sameSite))) {
    throw new ConfigurationError(
      "The session cookie is SameSite=None without Secure, which browsers drop. Use cookie: { secure: true, sameSite: 'lax' }.",
    )
  }
  if (secure === true && req.secure === false && !cameBack(req)) {
    throw new ConfigurationError(
      'The session cookie is Secure and the request counts as plain http, so the cookie is not sent. Behind a proxy that ends TLS set app.set(\'trust proxy\', 1), also where express-session has its own option "proxy"; for http on localhost use cookie: { secure: false }.',
    )
  }
}

/** A browser that brings the cookie of this very session has got it somehow. */
function cameBack({ headers, sessionID }: CookieRequest): boolean {
  return sessionID !== undefined && (headers?.cookie ?? '').includes(encodeURIComponent(`s:${sessionID}.`))
}
