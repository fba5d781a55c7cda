import { LRUCache } from 'lru-cache'
import { RECHECK_MS } from '../../shared-store/freshness.ts'
import { copyOfTokens, type SignInHandle } from '../sign-in-handle.ts'
import type { FoundRecord } from './sign-in-records.ts'

/** A record as this process saw it last. */
export interface Copy extends FoundRecord {
  readonly sub: string
  /** When it was asked for, by the clock that nobody sets. */
  readonly checkedAt: number
}

/** Some 7 kB each. */
const MAX_COPIES = 10_000
const MAX_NAMES = 50_000

/** What this process knows of the shared sign-ins of a pool: a bounded memory. */
export class SignInCopies {
  readonly #copies = new LRUCache<string, Copy>({ max: MAX_COPIES })
  readonly #ended = new LRUCache<string, true>({ max: MAX_NAMES })
  /** When another process said that it had replaced a record. */
  readonly #changed = new LRUCache<string, number>({ max: MAX_COPIES })

  get({ id, sub }: SignInHandle): Copy | undefined {
    const copy = this.#copies.get(id)
    return copy?.sub === sub ? copy : undefined
  }

  /** The copy, if nobody need look whether it has changed. */
  fresh(signIn: SignInHandle): Copy | undefined {
    const copy = this.get(signIn)
    if (!copy || copy.checkedAt <= (this.#changed.get(signIn.id) ?? Number.NEGATIVE_INFINITY))
      return undefined
    return performance.now() - copy.checkedAt < RECHECK_MS ? copy : undefined
  }

  /** Keeps what was read or written; with the very same tokens where it is what is known, since whoever verified those knows them. */
  keep({ id, sub }: SignInHandle, found: FoundRecord, checkedAt = performance.now()): Copy {
    const known = this.#copies.peek(id)
    const tokens = known?.raw === found.raw ? known.tokens : copyOfTokens(found.tokens)
    const copy = { ...found, tokens, sub, checkedAt }
    this.#copies.set(id, copy)
    return copy
  }

  /** Another process has replaced the record. */
  changed(id: string): void {
    this.#changed.set(id, performance.now())
  }

  ended(id: string): void {
    this.#copies.delete(id)
    this.#changed.delete(id)
    this.#ended.set(id, true)
  }

  hasEnded({ id }: SignInHandle): boolean {
    return this.#ended.has(id)
  }
}
