/** The condition keys of a request and their values; what a policy compares and puts in for `${…}`. */
export interface RequestContext {
  get(key: string): readonly string[] | undefined
}

/** Names of condition keys are not case-sensitive. Later entries win. */
export function requestContext(
  ...parts: readonly Record<string, string | readonly string[] | undefined>[]
): RequestContext {
  const values = new Map<string, readonly string[]>()
  for (const [key, value] of parts.flatMap((part) => Object.entries(part)))
    if (value !== undefined) values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value)
  return { get: (key) => values.get(key.toLowerCase()) }
}

/** The first context, with what the second one knows put in front. */
export function extendContext(base: RequestContext, more: RequestContext): RequestContext {
  return { get: (key) => more.get(key) ?? base.get(key) }
}
