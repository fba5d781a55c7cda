interface Waiting {
  begin: () => void
  signal: AbortSignal
}

/** Keeps calls under way to a number. In order of arrival. */
export class Concurrency {
  readonly #waiting: Waiting[] = []
  #free: number

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  /** Runs a call when there is room. Rejects with the signal's reason when it is aborted before. */
  async run<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1
    else await this.#room(signal)
    try {
      return await call()
    } finally {
      this.#leave()
    }
  }

  #room(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      this.#waiting.push({ begin: resolve, signal })
    })
  }

  #leave(): void {
    let next = this.#waiting.shift()
    while (next?.signal.aborted) next = this.#waiting.shift()
    if (next) next.begin()
    else this.#free += 1
  }
}
