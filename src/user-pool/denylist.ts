import { LRUCache } from 'lru-cache'

/** Some 100 bytes each. */
const MAX_ENTRIES = 10_000
/** No ID or access token of Cognito lives longer than a day. */
const LONGEST_TOKEN_MS = 24 * 60 * 60_000

/**
 * Sign-ins whose tokens are no longer accepted in this process although they have not expired, by their
 * `origin_jti`: Cognito writes the same one into all tokens of a sign-in. Bounded; fed by sign-out.
 */
export class Denylist {
  readonly #entries = new LRUCache<string, true>({ max: MAX_ENTRIES, ttl: LONGEST_TOKEN_MS })

  add(originJti: unknown): void {
    if (typeof originJti === 'string' && originJti !== '') this.#entries.set(originJti, true)
  }

  has(originJti: unknown): boolean {
    return typeof originJti === 'string' && this.#entries.has(originJti)
  }
}
