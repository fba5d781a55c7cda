const timeout = (): Error => new DOMException('The time limit has passed', 'TimeoutError')

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
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const reason = late()
      controller.abort(reason)
      reject(reason)
    }, limitMs)
  })
  try {
    return await Promise.race([work(controller.signal), limit])
  } finally {
    clearTimeout(timer)
  }
}
