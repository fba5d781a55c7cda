import { LRUCache } from 'lru-cache'
import type { SharedDenylist } from './shared/shared-denylist.ts'

/** Some 100 bytes each. */
const MAX_ENTRIES = 10_000
/** No ID or access token of Cognito lives longer than a day. */
const LONGEST_TOKEN_MS = 24 * 60 * 60_000

/**
 * Sign-ins whose tokens are no longer accepted although they have not expired, by their `origin_jti`: Cognito writes the same
 * one into all tokens of a sign-in. Fed by sign-out. Bounded; with a shared store, those of every process.
 */
export class Denylist {
  readonly #entries = new LRUCache<string, true>({ max: MAX_ENTRIES, ttl: LONGEST_TOKEN_MS })
  readonly #shared: SharedDenylist | undefined

  constructor(shared?: SharedDenylist) {
    this.#shared = shared
  }

  /** For this process at once. Rejects with UnavailableError when the others cannot be told. */
  async add(originJti: unknown): Promise<void> {
    if (typeof originJti !== 'string' || originJti === '') return
    this.#entries.set(originJti, true)
    await this.#shared?.add(originJti)
  }

  /** Rejects with UnavailableError when it cannot be told. */
  has(originJti: unknown): boolean | Promise<boolean> {
    if (typeof originJti !== 'string') return false
    if (this.#entries.has(originJti)) return true
    return this.#shared?.has(originJti) ?? false
  }

  /** What another process said. */
  heard(key: string, originJti: string): void {
    const denied = this.#shared?.heard(key, originJti)
    if (denied !== undefined) this.#entries.set(denied, true)
  }
}
