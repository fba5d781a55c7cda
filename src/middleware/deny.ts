import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CognitoError } from '../errors.ts'
import { Events, named, type NamedError } from '../lib/events.ts'
import { hasCode } from '../lib/has-code.ts'
import type { Request } from './handler.ts'

/** Marks a request that cannot be answered here: its errors are for whoever holds the socket. */
export const UPGRADE = Symbol('cognito upgrade request')

/** What the channel `passport-cognito-identity:denied` says: a request that was not let through. */
export interface DeniedEvent extends NamedError {
  by: 'bearer' | 'requireAuth' | 'requireGroups' | 'requireScopes' | 'logout'
  status: number
}

const events = new Events<DeniedEvent>('denied')

/**
 * Turns an error into an answer. Pages go to the sign-in page (401, with `loginURL`) or to the app's error
 * handler, which draws its pages; everything else gets fixed JSON with the error's status and headers. Faults
 * of ours or of an upstream always go to the app's error handler.
 */
export function deny(
  error: unknown,
  req: Request & { [UPGRADE]?: boolean },
  res: ServerResponse,
  { by, loginURL }: { by: DeniedEvent['by']; loginURL?: string | undefined },
): 'answered' {
  if (!hasCode<CognitoError>(error)) throw error
  events.publish({ by, status: error.status, ...named(error) })
  if (error.status >= 500 || req[UPGRADE]) throw error
  res.setHeader('Cache-Control', 'no-store')
  if (isPage(req)) {
    if (error.status !== 401 || loginURL === undefined) throw error
    res.statusCode = 303
    res.setHeader('Location', withReturnTo(loginURL, req))
    res.end()
    return 'answered'
  }
  res.statusCode = error.status
  for (const [name, value] of Object.entries(error.headers)) res.setHeader(name, value)
  res.setHeader('Content-Type', 'application/json; charset=utf-8')
  res.end(JSON.stringify({ error: error.code, message: error.publicMessage }))
  return 'answered'
}

/** A navigation, as Fetch Metadata says; without it, whoever asks for HTML by name. */
function isPage({ headers }: IncomingMessage): boolean {
  const mode = headers['sec-fetch-mode']
  if (mode !== undefined) return mode === 'navigate' && headers['sec-fetch-dest'] !== 'empty'
  return /\btext\/html\b/i.test(headers.accept ?? '') && headers['x-requested-with'] === undefined
}

/**
 * Only a page that can be opened again is worth coming back to. The target goes along as it came, not parsed
 * and written anew.
 */
function withReturnTo(loginURL: string, req: Request): string {
  const target = req.originalUrl ?? req.url ?? '/'
  if ((req.method !== 'GET' && req.method !== 'HEAD') || !target.startsWith('/')) return loginURL
  return `${loginURL}${loginURL.includes('?') ? '&' : '?'}returnTo=${encodeURIComponent(target)}`
}
