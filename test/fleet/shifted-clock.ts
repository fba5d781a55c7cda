const { now } = Date

/** Has `Date.now()` of this process be ahead from now on. Monotonic clocks and timers stay as they are. */
export function shiftClock(aheadMs: number): void {
  Date.now = () => now() + aheadMs
}
