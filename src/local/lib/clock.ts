import { checkFinite } from '../options/option-checks.ts'

/** The clock that everything in the local Cognito reads, so that a test can move it. */
export interface Clock {
  /** Milliseconds since the epoch, as this server sees them. */
  now(): number
  /** Whole seconds since the epoch, as JWTs carry them. */
  nowSeconds(): number
  /** Moves the clock forward (or back, with a negative number). Processes outside are not affected. Throws for NaN and Infinity. */
  advance(seconds: number): void
}

/** The clock as the server holds it. */
export interface ServerClock extends Clock {
  /** Back to the start. */
  reset(): void
}

/** `standsAt`: the clock stands still there until it is advanced. Otherwise it goes with the system's. */
export function createClock(standsAt?: number): ServerClock {
  let offsetMs = 0
  const now = () => (standsAt ?? Date.now()) + offsetMs
  return {
    now,
    nowSeconds: () => Math.floor(now() / 1000),
    advance: (seconds) => {
      offsetMs += checkFinite('seconds', seconds) * 1000
    },
    reset: () => {
      offsetMs = 0
    },
  }
}
