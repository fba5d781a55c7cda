/**
 * The part of a request that says what was asked for. Express keeps the whole path in `originalUrl` when a
 * router is mounted.
 */
export interface RequestTarget {
  url?: string | undefined
  originalUrl?: string | undefined
}

/** Path and query as the client sent them. Never throws: `URL` would, on targets such as `//[`. */
export function targetOf(req: RequestTarget): { path: string; query: URLSearchParams } {
  const target = req.originalUrl ?? req.url ?? '/'
  const mark = target.indexOf('?')
  if (mark === -1) return { path: target, query: new URLSearchParams() }
  return { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) }
}
