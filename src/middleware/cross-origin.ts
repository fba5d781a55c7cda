import type { IncomingMessage } from 'node:http'

/**
 * True when a page of none of these origins made this request. They are compared whole, scheme and port too. A client that
 * sends no Origin header is judged like one of {@link isCrossOrigin}.
 */
export function isFromElsewhere(req: IncomingMessage, origins: readonly string[]): boolean {
  const from = req.headers.origin
  return from === undefined ? isCrossOrigin(req) : !origins.includes(from)
}

/**
 * True when a page of another origin made this request (Fetch Metadata; else the Origin header), sibling hosts
 * of the same site included. `origin` is the app's own, as browsers see it: behind a proxy the Host header may
 * be another. A client that sends neither header is no browser that could be tricked.
 */
export function isCrossOrigin({ headers }: IncomingMessage, origin?: string): boolean {
  const site = headers['sec-fetch-site']
  if (typeof site === 'string') return site !== 'same-origin' && site !== 'none'
  const from = headers.origin
  if (from === undefined || from === origin) return false
  return !URL.canParse(from) || new URL(from).host !== headers.host
}
