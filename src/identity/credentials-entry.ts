import type { CognitoIdentityCredentials } from './credentials.ts'

/** The AWS SDK asks again from this point on, and then at every request. */
const RENEW_BEFORE_MS = 5 * 60_000
/** Renewals begin at a random moment of this span, so that a crowd that expires together does not call together. */
const SPREAD_MS = 90_000
/** Later than this nobody is given the old ones without an attempt to get new ones. */
export const URGENT_MS = 60_000
/** After a failure the same answer is given for this long, so that a fault is not multiplied by all who wait. */
const BACK_OFF_MS = 1_000
/** While the old ones are still good there is more time. */
const LONGEST_BACK_OFF_MS = 30_000

/** What is kept of the credentials of one user under one role. */
export interface Entry {
  credentials: CognitoIdentityCredentials | undefined
  loaded: Moment
  /** Milliseconds from then until they expire. */
  lifeMs: number
  /** Milliseconds from then until they are to be renewed. */
  freshMs: number
  /** When it was last known that they still count, by the clock that nobody sets. */
  checkedAt: number
  loading: Promise<CognitoIdentityCredentials> | undefined
  failure: { error: unknown; until: number; count: number } | undefined
}

/**
 * A point in time by the wall clock and by the one that nobody sets. Of what has passed since, the larger counts: a clock
 * that is set back gives no credentials a longer life.
 */
interface Moment {
  readonly wall: number
  readonly tick: number
}

export function emptyEntry(): Entry {
  // All that it will ever have: what is added later takes more memory.
  return {
    credentials: undefined,
    loaded: { wall: 0, tick: 0 },
    lifeMs: 0,
    freshMs: 0,
    checkedAt: 0,
    loading: undefined,
    failure: undefined,
  }
}

/** Takes new credentials in place of those that were there; `marginMs` sooner they count as expired. */
export function fill(entry: Entry, credentials: CognitoIdentityCredentials, marginMs = 0): void {
  const wall = Date.now()
  entry.credentials = credentials
  // Whole milliseconds: fractions are objects, one for each user.
  entry.loaded = { wall, tick: Math.round(performance.now()) }
  entry.checkedAt = entry.loaded.tick
  entry.lifeMs = credentials.expiration.getTime() - wall - marginMs
  const freshMs = Math.round(entry.lifeMs - RENEW_BEFORE_MS + Math.random() * SPREAD_MS)
  // Those that live for minutes only would be fetched at every ask.
  entry.freshMs = Math.max(freshMs, Math.min(BACK_OFF_MS, Math.round(entry.lifeMs / 2)))
  entry.failure = undefined
}

/** Milliseconds since then, by the clock that says more. */
export function passed({ wall, tick }: Moment): number {
  return Math.max(Date.now() - wall, performance.now() - tick)
}

/** Milliseconds until the credentials expire. */
export function left({ loaded, lifeMs }: Entry): number {
  return lifeMs - passed(loaded)
}

/** While the old ones last the waits grow, with full jitter, but not into their last minute. */
export function failureOf(entry: Entry, error: unknown): NonNullable<Entry['failure']> {
  const count = (entry.failure?.count ?? 0) + 1
  const grown = Math.min(LONGEST_BACK_OFF_MS, BACK_OFF_MS * 2 ** count)
  const room = entry.credentials ? left(entry) - URGENT_MS : 0
  const wait = Math.min(BACK_OFF_MS + Math.random() * (grown - BACK_OFF_MS), Math.max(BACK_OFF_MS, room))
  return { error, until: performance.now() + wait, count }
}
