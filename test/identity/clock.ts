import { mock } from 'node:test'

export const minutes = 60_000
/** When the tests of what passes with time begin. */
export const start = Date.UTC(2026, 0, 1)

/** Sets the date, and nothing else: sockets and timers go on. `mock.timers.reset()` ends it. */
export function at(time: number): void {
  mock.timers.reset()
  mock.timers.enable({ apis: ['Date'], now: time })
}
