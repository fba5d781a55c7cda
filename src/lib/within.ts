const timeout = (): Error => new DOMException('The time limit has passed', 'TimeoutError')

/** A timer that is later than this, in milliseconds, says that the process stood still. */
const STOOD_STILL_MS = 20
/** How long it then looks at what has come in meanwhile. */
const LOOK_MS = 500

/**
 * Runs `passed` when so many milliseconds have passed, unless the function that comes back is called first. Timers run before
 * sockets are read: a process that stood still (stopped, paused, busy) would otherwise give up what is waiting for it, and with
 * rotation an answer of the token endpoint never comes again.
 */
export function deadline(limitMs: number, passed: () => void): () => void {
  const due = performance.now() + limitMs
  let timer = setTimeout(() => {
    if (performance.now() - due < STOOD_STILL_MS) return passed()
    timer = setTimeout(passed, Math.min(limitMs, LOOK_MS))
  }, limitMs)
  return () => clearTimeout(timer)
}

/**
 * A promise with a limit on the wait, in milliseconds: rejects with a `TimeoutError`, or with what `late` gives, when it
 * has passed. What was waited for goes on unheard.
 */
export async function within<T>(promise: Promise<T>, limitMs: number, late = timeout): Promise<T> {
  return withSignal(limitMs, () => promise, late)
}

/**
 * Work with a limit on its time, in milliseconds: it gets a signal that is aborted when the time has passed, and whoever
 * waits is told at once, also where the work pays no attention. Rejects like {@link within}.
 */
export async function withSignal<T>(
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  late = timeout,
): Promise<T> {
  // Not AbortSignal.timeout(), which is kept until its time has come, long after the work is done.
  const controller = new AbortController()
  let done: (() => void) | undefined
  const limit = new Promise<never>((_, reject) => {
    done = deadline(limitMs, () => {
      const reason = late()
      controller.abort(reason)
      reject(reason)
    })
  })
  try {
    return await Promise.race([work(controller.signal), limit])
  } finally {
    done?.()
  }
}
