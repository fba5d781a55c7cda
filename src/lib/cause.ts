/**
 * A cause that is safe to log: the names and codes of an error and of what caused it, without messages, bodies
 * or requests. Those of HTTP, JSON and store errors may quote what was sent or received, tokens included.
 */
export function summarise(error: unknown): Error {
  const parts: string[] = []
  for (let current = error; current instanceof Error && parts.length < 4; current = current.cause) {
    const { code, error: oauthError } = current as { code?: unknown; error?: unknown }
    const detail = [code, oauthError].filter(
      (part) => typeof part === 'string' && /^[\w.-]{1,64}$/.test(part),
    )
    parts.push([current.name, ...detail].join(' '))
  }
  return new Error(parts.join(' ← ') || 'unknown')
}

/** What was thrown, as an Error. A falsy value given to Express' `next` would mean that all is well. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('Something was thrown that is not an Error')
}
