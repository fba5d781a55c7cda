import { UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import { Events } from '../lib/events.ts'
import { within } from '../lib/within.ts'
import type { SetOptions, SharedStore } from './shared-store.ts'

/** Each request to the store is worth this much of a person's time, in milliseconds. */
const LIMIT_MS = 250
/** After a failure nobody waits for the store for this long: one of many requests finds out that it is back. */
const PAUSE_MS = 500

/** What the channel `passport-cognito-identity:store` says. */
export interface StoreEvent {
  type: 'failed' | 'unreadable'
  /** What could not be done. */
  operation: 'get' | 'set' | 'delete' | 'publish' | 'subscribe'
  error?: Error
}

/**
 * A shared store that answers in time or not at all: everything it rejects with is {@link UnavailableError}, and while it fails
 * it is asked twice a second.
 */
export class LimitedStore {
  readonly #store: SharedStore
  readonly #heard: (message: string) => void
  readonly #events = new Events<StoreEvent>('store')
  #subscription: Promise<() => Promise<void>> | undefined
  #pausedUntil = 0

  /** `heard` gets what any process publishes, from the first time on that something is read. */
  constructor(store: SharedStore, heard: (message: string) => void) {
    this.#store = store
    this.#heard = heard
  }

  async get(key: string): Promise<string | undefined> {
    // First the ear, then the eye: what changes after it was read is heard of.
    if (!this.#subscription) await this.#listen()
    return this.#limited('get', () => this.#store.get(key))
  }

  set(key: string, value: string, options: SetOptions): Promise<boolean> {
    return this.#limited('set', () => this.#store.set(key, value, options))
  }

  delete(key: string, options?: { expected?: string | undefined }): Promise<boolean> {
    return this.#limited('delete', () => this.#store.delete(key, options))
  }

  /** What is not heard is found out later, so nobody waits for it, and it does not reject. */
  publish(message: string): void {
    this.#limited('publish', () => this.#store.publish(message)).catch(() => undefined)
  }

  /** Listens no longer. */
  async close(): Promise<void> {
    const subscription = this.#subscription
    this.#subscription = undefined
    if (subscription)
      await within(
        subscription.then((end) => end()),
        LIMIT_MS,
      ).catch(() => undefined)
  }

  /** Says that what is kept there cannot be read: garbage, or sealed with another key. */
  unreadable(): void {
    this.#events.publish({ type: 'unreadable', operation: 'get' })
  }

  /** A store that does not listen in time may later; until then changes are found out by looking. */
  async #listen(): Promise<void> {
    const subscription = this.#store.subscribe((message) => this.#heard(message))
    this.#subscription = subscription
    subscription.catch(() => {
      if (this.#subscription === subscription) this.#subscription = undefined
    })
    await this.#limited('subscribe', () => subscription).catch(() => undefined)
  }

  async #limited<T>(operation: StoreEvent['operation'], run: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#pausedUntil) throw unavailable()
    try {
      return await within(run(), LIMIT_MS)
    } catch (error) {
      this.#pausedUntil = performance.now() + PAUSE_MS
      const failure = unavailable(summarise(error))
      this.#events.publish({ type: 'failed', operation, error: failure })
      throw failure
    }
  }
}

function unavailable(cause?: Error): UnavailableError {
  return new UnavailableError('The shared store could not be reached.', cause, { retryAfterSeconds: 1 })
}
