/**
 * Freezes a JSON value through and through, and returns it. Without recursion: a token that is just short enough may
 * nest deeper than the stack of a request has room for.
 */
export function deepFreeze<T>(value: T): Readonly<T> {
  const pending: unknown[] = [value]
  while (pending.length > 0) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue
    Object.freeze(next)
    for (const member of Object.values(next)) if (typeof member === 'object') pending.push(member)
  }
  return value
}
