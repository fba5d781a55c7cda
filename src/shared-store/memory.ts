import type { SetOptions, SharedStore } from './shared-store.ts'

interface Entry {
  value: string
  /** By the clock that nobody sets, in milliseconds. */
  expiresAt: number
}

/** Entries that may come in before those that have expired are looked for again. */
const SWEEP_AFTER = 1_000

/**
 * A shared store in the memory of one process: for several `UserPool` and `IdentityPool` objects of one process, for tests,
 * and for sessions that shall hold no tokens. What is in it ends with the process.
 */
export function memoryStore(): SharedStore {
  return new MemoryStore()
}

class MemoryStore implements SharedStore {
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<(message: string) => void>()
  #sweepAt = SWEEP_AFTER

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#current(key))
  }

  set(key: string, value: string, { ttlMs, expected }: SetOptions): Promise<boolean> {
    const known = this.#current(key)
    if (expected !== undefined && known !== (expected ?? undefined)) return Promise.resolve(false)
    this.#entries.set(key, { value, expiresAt: performance.now() + ttlMs })
    if (this.#entries.size >= this.#sweepAt) this.#sweep()
    return Promise.resolve(true)
  }

  delete(key: string, { expected }: { expected?: string | undefined } = {}): Promise<boolean> {
    const known = this.#current(key)
    if (known === undefined || (expected !== undefined && known !== expected)) return Promise.resolve(false)
    return Promise.resolve(this.#entries.delete(key))
  }

  publish(message: string): Promise<void> {
    for (const listener of [...this.#listeners]) queueMicrotask(() => listener(message))
    return Promise.resolve()
  }

  subscribe(listener: (message: string) => void): Promise<() => Promise<void>> {
    // Of its own, so that a function that listens twice is ended once at a time.
    const own = (message: string) => listener(message)
    this.#listeners.add(own)
    return Promise.resolve(() => {
      this.#listeners.delete(own)
      return Promise.resolve()
    })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #current(key: string): string | undefined {
    const entry = this.#entries.get(key)
    if (entry && entry.expiresAt > performance.now()) return entry.value
    this.#entries.delete(key)
    return undefined
  }

  #sweep(): void {
    for (const key of [...this.#entries.keys()]) this.#current(key)
    this.#sweepAt = this.#entries.size * 2 + SWEEP_AFTER
  }
}
