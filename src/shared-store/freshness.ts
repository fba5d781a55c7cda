/**
 * What others change in a store is heard of at once. What this process has seen there counts without a look for this long, in
 * milliseconds, so that a message that was lost is made up for.
 */
export const RECHECK_MS = 60_000
/** While the store is away, or has lost what this process has seen there, that counts for this long. */
export const UNCHECKED_LIMIT_MS = 5 * 60_000
