import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { LimitedStore } from './limited-store.ts'

/** Something that one process at a time does; `release` gives it up, if it is still this one's. */
export interface Lock {
  release(): Promise<void>
  /** Whether nobody else can have had it since. Rejects with UnavailableError. */
  isHeld(): Promise<boolean>
}

/**
 * Takes a lock, or gives `undefined` where somebody has it. It ends by itself after `ttlMs`, by the clock of the store, so a
 * holder that dies or is paused holds nobody up for longer; that it is still held when the work is done, nobody can promise:
 * what is written must be compared with what was read. Rejects with UnavailableError.
 */
export async function acquire(store: LimitedStore, key: string, ttlMs: number): Promise<Lock | undefined> {
  const owner = randomBytes(16).toString('base64url')
  // Only by its owner, and only while it is this one: a lock that has ended may be another's by now.
  const release = async () => void (await store.delete(key, { expected: owner }).catch(() => undefined))
  const isHeld = async () => (await store.get(key)) === owner
  return (await store.set(key, owner, { ttlMs, expected: null })) ? { release, isHeld } : undefined
}

const FIRST_WAIT_MS = 20
const LONGEST_WAIT_MS = 200

/** Waits of growing length with jitter, for whoever looks whether a lock is free. */
export async function* looks(limitMs: number): AsyncGenerator<void> {
  const until = performance.now() + limitMs
  for (let ms = FIRST_WAIT_MS; performance.now() < until; ms = Math.min(LONGEST_WAIT_MS, ms * 1.5)) {
    yield
    await wait(ms * (0.5 + Math.random() / 2))
  }
}
