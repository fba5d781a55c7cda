/** Waits for a promise to settle, whichever way, but no longer than `limitMs` milliseconds. Never rejects. */
export async function settleWithin(promise: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)))
  await Promise.race([promise.catch(() => undefined), limit])
  clearTimeout(timer)
}
