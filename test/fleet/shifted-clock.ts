import type { Pace } from './settings.ts'

const { now } = Date

/** Has `Date.now()` of this process be ahead, and go by faster, from now on. Monotonic clocks and timers stay as they are. */
export function shiftClock(aheadMs: number, { since, speed }: Pace = { since: 0, speed: 1 }): void {
  Date.now = () => Math.floor(now() + aheadMs + (now() - since) * (speed - 1))
}
