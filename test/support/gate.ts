/** Something that a test opens when what waits for it is to go on. */
export interface Gate {
  /** Resolves when somebody has come. */
  reached: Promise<void>
  /** Comes, and waits until it is open. */
  pass(): Promise<void>
  open(): void
}

export function gate(): Gate {
  const [reached, opened] = [deferred(), deferred()]
  const pass = () => {
    reached.resolve()
    return opened.promise
  }
  return { reached: reached.promise, pass, open: opened.resolve }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}
