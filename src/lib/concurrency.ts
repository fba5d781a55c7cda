interface Waiting {
  begin: () => void
}

/** Keeps calls under way to a number. In order of arrival. */
export class Concurrency {
  readonly #waiting = new Set<Waiting>()
  #free: number

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  /**
   * Runs a call when there is room. Rejects with the signal's reason when it is aborted before. A call whose signal is
   * aborted leaves its place at once, also where it pays no attention.
   */
  async run<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await this.#room(signal)
    let left = false
    const leave = () => {
      if (!left) this.#leave()
      left = true
    }
    signal.addEventListener('abort', leave, { once: true })
    try {
      signal.throwIfAborted()
      return await call()
    } finally {
      signal.removeEventListener('abort', leave)
      leave()
    }
  }

  #room(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = { begin: resolve }
      const giveUp = () => {
        if (this.#waiting.delete(waiting)) reject(signal.reason as Error)
      }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#waiting.add(waiting)
    })
  }

  #leave(): void {
    const [next] = this.#waiting
    if (!next) {
      this.#free += 1
      return
    }
    this.#waiting.delete(next)
    next.begin()
  }
}
