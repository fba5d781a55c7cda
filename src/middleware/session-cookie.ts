import type { ServerResponse } from 'node:http'
import type { SessionRequest } from './signed-in.ts'

type ClearCookie = { clearCookie?: (name: string, attributes: object) => void }
type CookieAttributes = Partial<
  Record<'path' | 'domain' | 'secure' | 'httpOnly' | 'sameSite' | 'partitioned', unknown>
>

/**
 * Clears the cookie of the session with the attributes it was set with; a browser ignores a clear that differs.
 * express-session tells nobody its cookie's name, but the cookie's value is the signed session id.
 */
export function clearSessionCookie(req: SessionRequest, res: ServerResponse): void {
  const { session, sessionID } = req
  if (!session || sessionID === undefined) return
  const { path, domain, secure, httpOnly, sameSite, partitioned } = (session['cookie'] ??
    {}) as CookieAttributes
  const attributes = { path, domain, secure, httpOnly, sameSite, partitioned }
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2)
    if (decode(value).startsWith(`s:${sessionID}.`)) (res as ClearCookie).clearCookie?.(name, attributes)
  }
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}
