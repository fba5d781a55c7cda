/** Percent-encodes everything but RFC 3986's unreserved characters, as SigV4 wants it (`'` and `*` included). */
export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Percent-decodes; undefined when the text is not percent-encoded UTF-8. A `+` stays a `+`. */
function decodeUri(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/**
 * Path and query of a request target, decoded but not normalised, so that a key with `..` stays as it is.
 * Undefined when something is not percent-encoded UTF-8.
 */
export function parseRawUrl(rawUrl: string): { path: string; query: Map<string, string[]> } | undefined {
  const mark = rawUrl.indexOf('?')
  const path = decodeUri(mark < 0 ? rawUrl : rawUrl.slice(0, mark))
  if (path === undefined) return undefined
  const query = new Map<string, string[]>()
  const pairs = mark < 0 ? [] : rawUrl.slice(mark + 1).split('&')
  for (const pair of pairs.filter((part) => part !== '')) {
    const equals = pair.indexOf('=')
    const name = decodeUri(equals < 0 ? pair : pair.slice(0, equals))
    const value = decodeUri(equals < 0 ? '' : pair.slice(equals + 1))
    if (name === undefined || value === undefined) return undefined
    query.set(name, [...(query.get(name) ?? []), value])
  }
  return { path, query }
}
