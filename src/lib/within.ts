const timeout = (): Error => new DOMException('The time limit has passed', 'TimeoutError')

/**
 * A promise with a limit on the wait, in milliseconds: rejects with a `TimeoutError`, or with what `late` gives, when it
 * has passed. What was waited for goes on unheard.
 */
export async function within<T>(promise: Promise<T>, limitMs: number, late = timeout): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), limitMs)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}
