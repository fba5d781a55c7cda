import type { Clock } from '../lib/clock.ts'
import { createExpiringMap } from '../lib/expiring-map.ts'
import type { User } from './user.ts'

/** Wrong passwords and codes in a row, and the lock that follows (developer guide, "Lockout behavior for failed sign-in attempts"). */
export interface Lockouts {
  isLocked(user: User): boolean
  /** Not to be called while the user is locked: those attempts do not count. */
  failed(user: User): void
  succeeded(user: User): void
}

/** As many failures cost nothing. */
const freeFailures = 5
const longestSeconds = 900
/** After so long without an attempt, counting starts anew. */
const quietSeconds = 900

export function createLockouts(clock: Clock): Lockouts {
  const failures = createExpiringMap<{ count: number; lockedUntil: number }>(clock)
  return {
    isLocked: ({ sub }) => clock.now() < (failures.get(sub)?.lockedUntil ?? 0),
    failed({ sub }) {
      const count = (failures.get(sub)?.count ?? 0) + 1
      // The fifth failure locks for a second, and every further one twice as long.
      const seconds = count < freeFailures ? 0 : Math.min(longestSeconds, 2 ** (count - freeFailures))
      const lockedUntil = clock.now() + seconds * 1000
      failures.set(sub, { count, lockedUntil }, seconds + quietSeconds)
    },
    succeeded: ({ sub }) => failures.delete(sub),
  }
}
