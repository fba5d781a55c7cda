/** A page of this app to go on to after sign-in; nothing else, however it is spelt. */
export function safeReturnTo(value: unknown, origin: string): string | undefined {
  if (typeof value !== 'string' || value.length > 1_000 || !value.startsWith('/')) return undefined
  if (/[\\\p{Cc}]/u.test(value) || !URL.canParse(value, origin)) return undefined
  const url = new URL(value, origin)
  const path = url.pathname + url.search + url.hash
  // Dot segments can leave two slashes in front, which a browser reads as another host.
  return url.origin === origin && !path.startsWith('//') ? path : undefined
}
