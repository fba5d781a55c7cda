/**
 * A promise with a limit on the wait, in milliseconds: rejects with a `TimeoutError` when it has passed. What
 * was waited for goes on unheard.
 */
export async function within<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  return withSignal(limitMs, () => promise)
}

/**
 * Work with a limit on its time, in milliseconds: it gets a signal that is aborted when the time has passed, and whoever
 * waits is told at once, also where the work pays no attention. Rejects with a `TimeoutError`.
 */
export async function withSignal<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  // Not AbortSignal.timeout(), which is kept until its time has come, long after the work is done.
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const reason = new DOMException('The time limit has passed', 'TimeoutError')
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
