import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { UnavailableError } from '../../errors.ts'
import { SingleFlight } from '../../lib/single-flight.ts'
import { RECHECK_MS, UNCHECKED_LIMIT_MS } from '../../shared-store/freshness.ts'
import type { LimitedStore } from '../../shared-store/limited-store.ts'
import type { Retries } from '../../shared-store/retries.ts'
import type { UserPoolConfiguration } from '../options.ts'

/** No ID or access token of Cognito lives longer than a day. */
const LONGEST_TOKEN_MS = 24 * 60 * 60_000
/** Some 150 bytes each. */
const MAX_CHECKED = 10_000

/** Sign-ins that have ended in any process, by `origin_jti`, while their tokens have not expired. */
export class SharedDenylist {
  readonly #store: LimitedStore
  readonly #retries: Retries
  readonly #scope: string
  /** When each was looked up last, by the clock that nobody sets. */
  readonly #checked = new LRUCache<string, number>({ max: MAX_CHECKED })
  readonly #looks = new SingleFlight<boolean>()

  constructor({ issuer }: UserPoolConfiguration, store: LimitedStore, retries: Retries) {
    this.#store = store
    this.#retries = retries
    this.#scope = issuer
  }

  /** Rejects with UnavailableError when the store cannot be told yet; it will be. */
  async add(originJti: string): Promise<void> {
    const key = this.#key(originJti)
    const add = async () => {
      await this.#store.set(key, '1', { ttlMs: LONGEST_TOKEN_MS })
      this.#store.publish(`denied ${key} ${originJti}`)
    }
    await add().catch((error: unknown) => {
      this.#retries.add(key, add)
      throw error
    })
  }

  /** Whether it has ended. Rejects with UnavailableError when that cannot be told, and has not been for a while. */
  has(originJti: string): boolean | Promise<boolean> {
    const checkedAt = this.#checked.get(originJti)
    if (checkedAt !== undefined && performance.now() - checkedAt < RECHECK_MS) return false
    return this.#looks.run(originJti, () => this.#look(originJti, checkedAt))
  }

  /** The sign-in that a message is about, if it is one of this pool. */
  heard(key: string, originJti: string): string | undefined {
    if (key !== this.#key(originJti)) return undefined
    this.#checked.delete(originJti)
    return originJti
  }

  async #look(originJti: string, checkedAt = Number.NEGATIVE_INFINITY): Promise<boolean> {
    const askedAt = performance.now()
    try {
      const denied = (await this.#store.get(this.#key(originJti))) !== undefined
      if (!denied) this.#checked.set(originJti, askedAt)
      return denied
    } catch (error) {
      if (error instanceof UnavailableError && askedAt - checkedAt < UNCHECKED_LIMIT_MS) return false
      throw error
    }
  }

  #key(originJti: string): string {
    return `denied:{${hash('sha256', `${this.#scope}\n${originJti}`, 'base64url')}}`
  }
}
