const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 1_000
/** More than these would mean that the store is away for good; the oldest are given up. */
const MOST = 10_000

/**
 * Work that the store could not do: done again until it can. Nobody waits for it, and it keeps no process alive. Of work with one
 * name only the latest counts.
 */
export class Retries {
  readonly #work = new Map<string, () => Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #waitMs = FIRST_WAIT_MS

  add(name: string, work: () => Promise<void>): void {
    this.#work.delete(name)
    this.#work.set(name, work)
    if (this.#work.size > MOST) this.#work.delete([...this.#work.keys()][0] as string)
    this.#later()
  }

  has(name: string): boolean {
    return this.#work.has(name)
  }

  /** Tries all of it now. Rejects with what one of them rejected with; the rest is tried again later. */
  async flush(): Promise<void> {
    const all = [...this.#work].map(async ([name, work]) => {
      await work()
      if (this.#work.get(name) === work) this.#work.delete(name)
    })
    const failed = (await Promise.allSettled(all)).find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
  }

  #later(): void {
    if (this.#timer) return
    const again = async () => {
      const failed = await this.flush().then(
        () => false,
        () => true,
      )
      this.#waitMs = failed ? Math.min(LONGEST_WAIT_MS, this.#waitMs * 2) : FIRST_WAIT_MS
      this.#timer = undefined
      if (this.#work.size > 0) this.#later()
    }
    this.#timer = setTimeout(() => void again(), this.#waitMs).unref()
  }
}
