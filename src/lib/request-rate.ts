interface Waiting {
  begin: () => void
  signal: AbortSignal
}

/**
 * Keeps an operation within its quota, so that a crowd waits here, in order, instead of being throttled there. Calls
 * that have waited too long are dropped without counting. Time is monotonic.
 */
export class RequestRate {
  readonly #perSecond: number
  readonly #waiting: Waiting[] = []
  #allowance: number
  #filledAt = performance.now()
  #timer: NodeJS.Timeout | undefined

  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.#allowance = Math.max(1, perSecond)
  }

  /** Seconds until a call that came now could begin. */
  get waitSeconds(): number {
    return Math.ceil((this.#waiting.length + 1) / this.#perSecond)
  }

  /** Resolves when the call may begin. Rejects with the signal's reason when it is aborted first. */
  enter(signal: AbortSignal): Promise<void> | undefined {
    this.#fill()
    if (this.#waiting.length === 0 && this.#allowance >= 1) {
      this.#allowance -= 1
      return undefined
    }
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      this.#waiting.push({ begin: resolve, signal })
      this.#schedule()
    })
  }

  #fill(): void {
    const now = performance.now()
    const gained = ((now - this.#filledAt) / 1_000) * this.#perSecond
    this.#allowance = Math.min(Math.max(1, this.#perSecond), this.#allowance + gained)
    this.#filledAt = now
  }

  #schedule(): void {
    if (this.#timer) return
    const missing = Math.max(0, 1 - this.#allowance)
    this.#timer = setTimeout(() => this.#admit(), Math.ceil((missing / this.#perSecond) * 1_000))
  }

  #admit(): void {
    this.#timer = undefined
    this.#fill()
    while (this.#waiting[0] && (this.#waiting[0].signal.aborted || this.#allowance >= 1)) {
      const next = this.#waiting.shift() as Waiting
      if (next.signal.aborted) continue
      this.#allowance -= 1
      next.begin()
    }
    if (this.#waiting.length > 0) this.#schedule()
  }
}
