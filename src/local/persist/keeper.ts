/** Keeps a file up to date without writing it for every request. */
export interface Keeper {
  /** Something may have changed: it is written within a second. */
  changed(): void
  /** Writes what is not yet written. Rejects when that fails. */
  flush(): Promise<void>
}

const delayMs = 500

/** `write` never runs twice at a time. `onFailure` is told of a failure that nobody waits for. */
export function createKeeper(write: () => Promise<void>, onFailure: (error: unknown) => void): Keeper {
  let timer: NodeJS.Timeout | undefined
  let last = Promise.resolve()
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    // After a failed write as well: the next one may succeed.
    last = last.then(write, write)
    return last
  }
  return {
    changed() {
      timer ??= setTimeout(() => void flush().catch(onFailure), delayMs).unref()
    },
    flush,
  }
}
