/**
 * A promise with a limit on the wait, in milliseconds: rejects with a `TimeoutError` when it has passed. What
 * was waited for goes on unheard.
 */
export async function within<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('The time limit has passed', 'TimeoutError')), limitMs)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}
