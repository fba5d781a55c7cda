/** Keeps a transaction under 2 kB in the session store. */
const MAX_LENGTH = 1_200

/**
 * A page of the app itself, as path, query and fragment, or `undefined`. Judged as a browser would read it
 * (WHATWG URL): whatever resolves to another origin, holds control characters or backslashes, or is no single
 * string, is none. `forbidden` paths would lead back into sign-in, also in the other spellings that Express
 * routes alike.
 */
export function safeReturnTo(
  value: unknown,
  origin: string,
  forbidden: readonly string[],
): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH || !/^(\/|https?:\/\/)/i.test(value))
    return undefined
  if (/[\\\p{Cc}]/u.test(value) || !URL.canParse(value, origin)) return undefined
  const url = new URL(value, origin)
  if (url.origin !== origin || url.username !== '' || url.password !== '') return undefined
  if (forbidden.some((path) => route(path) === route(url.pathname))) return undefined
  const path = url.pathname + url.search + url.hash
  // Dot segments can leave two slashes in front (`/.//host`), which a browser reads as another host.
  return path.startsWith('//') ? undefined : path
}

/** Express ignores case and one slash at the end, unless told otherwise. */
function route(path: string): string {
  return path.toLowerCase().replace(/(?<=.)\/$/, '')
}
