import { UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import { Events } from '../lib/events.ts'
import { within } from '../lib/within.ts'
import { wordsOf } from './message.ts'
import type { SetOptions, SharedStore } from './shared-store.ts'

/** Each request to the store is worth this much of a person's time, in milliseconds. */
const LIMIT_MS = 250
/** After a request that took too long nobody waits for the store for this long; then one of many finds out whether it is back. */
const PAUSE_MS = 500
/** A store that cannot listen is asked again after this time. Until then changes are found out by looking. */
const LISTEN_AGAIN_MS = 10_000

/** What the channel `passport-cognito-identity:store` says. */
export interface StoreEvent {
  type: 'failed' | 'unreadable'
  /** What could not be done. */
  operation: 'get' | 'set' | 'delete' | 'publish' | 'subscribe'
  error?: Error
}

/** Gets what any process publishes, word by word. */
export type Heard = (type: string, ...more: string[]) => void

/** The store of an option, where there is one. */
export function limitedStore(store: SharedStore | undefined, heard: Heard): LimitedStore | undefined {
  return store && new LimitedStore(store, heard)
}

/**
 * A shared store that answers in time or not at all: everything it rejects with is {@link UnavailableError}. While it does not
 * answer, one request at a time waits for it, twice a second.
 */
export class LimitedStore {
  readonly #store: SharedStore
  readonly #heard: Heard
  readonly #events = new Events<StoreEvent>('store')
  #subscription: Promise<() => Promise<void>> | undefined
  #listenAt = 0
  #closed = false
  /** When it may be tried again, after it did not answer. */
  #tryAt: number | undefined

  /** Listens from the first time on that something is read. */
  constructor(store: SharedStore, heard: Heard) {
    this.#store = store
    this.#heard = heard
  }

  async get(key: string): Promise<string | undefined> {
    // First the ear, then the eye: what changes after it was read is heard of.
    if (!this.#subscription) await this.#listen()
    return this.#limited('get', () => this.#store.get(key))
  }

  set(key: string, value: string, options: SetOptions): Promise<boolean> {
    // What was not answered may be done all the same, and nobody would know: it is taken back, behind it in the same queue.
    const undo = () => this.#store.delete(key, { expected: value })
    const set = () => this.#store.set(key, value, options)
    return this.#limited('set', set, options.expected === null ? undo : undefined)
  }

  delete(key: string, options?: { expected?: string | undefined }): Promise<boolean> {
    return this.#limited('delete', () => this.#store.delete(key, options))
  }

  /** What is not heard is found out later, so nobody waits for it, and it does not reject. */
  publish(message: string): void {
    if (this.#tryAt !== undefined) return
    const publishing = (async () => within(this.#store.publish(message), LIMIT_MS))()
    publishing.catch((error: unknown) => this.#failed('publish', error))
  }

  /** Listens no longer. */
  async close(): Promise<void> {
    const subscription = this.#subscription
    this.#subscription = undefined
    this.#closed = true
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

  /** A store that does not listen in time may later; it is no reason not to read from it. */
  async #listen(): Promise<void> {
    if (this.#closed || performance.now() < this.#listenAt) return
    this.#listenAt = performance.now() + LISTEN_AGAIN_MS
    const subscription = (async () => this.#store.subscribe((message) => this.#heard(...wordsOf(message))))()
    this.#subscription = subscription
    subscription.catch((error: unknown) => {
      if (this.#subscription === subscription) this.#subscription = undefined
      this.#failed('subscribe', error)
    })
    await within(subscription, LIMIT_MS).catch(() => undefined)
  }

  async #limited<T>(
    operation: StoreEvent['operation'],
    run: () => Promise<T>,
    undo?: () => Promise<unknown>,
  ): Promise<T> {
    const now = performance.now()
    if (this.#tryAt !== undefined) {
      if (now < this.#tryAt) throw unavailable()
      // This request is the one that finds out.
      this.#tryAt = now + LIMIT_MS + PAUSE_MS
    }
    try {
      const result = await within(run(), LIMIT_MS)
      this.#tryAt = undefined
      return result
    } catch (error) {
      // What fails at once holds nobody up, and may be about this one key.
      if (isTimeout(error)) this.#tryAt = performance.now() + PAUSE_MS
      if (undo) (async () => undo())().catch(() => undefined)
      throw this.#failed(operation, error)
    }
  }

  #failed(operation: StoreEvent['operation'], cause: unknown): UnavailableError {
    const error = unavailable(summarise(cause))
    this.#events.publish({ type: 'failed', operation, error })
    return error
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

function unavailable(cause?: Error): UnavailableError {
  return new UnavailableError('The shared store could not be reached.', cause, { retryAfterSeconds: 1 })
}
