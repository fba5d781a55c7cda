import type { Clock } from './clock.ts'

/** What the server remembers for a while: codes, browser sessions, half-finished sign-ins, refresh tokens. */
export interface ExpiringMap<V> {
  set(key: string, value: V, lifetimeSeconds: number): void
  /** The value, or undefined when it was never there or its time is over. */
  get(key: string): V | undefined
  /** As `get`, and the entry is gone afterwards: for everything that counts once. */
  take(key: string): V | undefined
  delete(key: string): void
  /** Every value whose time is not over, the oldest first. */
  values(): V[]
}

/** A value and the end of its time, in milliseconds since the epoch. */
export interface ExpiringEntry<V> {
  value: V
  expiresAt: number
}

/** Bounded, so that a client in a loop cannot fill the memory: the oldest entry goes first. */
export function createExpiringMap<V>(
  clock: Clock,
  maxEntries = 10_000,
  entries = new Map<string, ExpiringEntry<V>>(),
): ExpiringMap<V> {
  const get = (key: string) => {
    const entry = entries.get(key)
    if (!entry) return undefined
    if (entry.expiresAt > clock.now()) return entry.value
    entries.delete(key)
    return undefined
  }
  return {
    get,
    set(key, value, lifetimeSeconds) {
      entries.delete(key)
      entries.set(key, { value, expiresAt: clock.now() + lifetimeSeconds * 1000 })
      const oldest = entries.keys().next()
      if (entries.size > maxEntries && !oldest.done) entries.delete(oldest.value)
    },
    take(key) {
      const value = get(key)
      entries.delete(key)
      return value
    },
    delete: (key) => void entries.delete(key),
    values: () => [...entries.keys()].map(get).filter((value) => value !== undefined),
  }
}
