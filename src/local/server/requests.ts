import { ConfigurationError } from '../options/configuration-error.ts'

/** One request, without anything that is secret: names are those of the pool, never what was typed. */
export interface LoggedRequest {
  /** Milliseconds since the epoch, on the server's clock. */
  at: number
  method: string
  operation: string
  /** Or what a fault did instead of answering. */
  status: number | 'hang' | 'reset'
  /** The id of an app client of the pool, where the request names one. */
  client: string | undefined
  /** The name of a user of the pool, where the request names one or shows a token of theirs. */
  user: string | undefined
  /** How long the answer took. */
  ms: number
}

/** What was asked of the server, by operation: tests count calls with it. Faulty and refused requests count too. */
export interface RequestCounts {
  /** Throws for a name that is no operation: a typo would otherwise count 0 and look like success. */
  count(operation: string): number
  total(): number
  /** The last 1,000 answered requests, the youngest last. */
  log(): LoggedRequest[]
  /** Forgets counts and log. */
  clear(): void
}

/** The writing side, which the server keeps to itself. */
export interface RequestLog {
  /** Counts a request as it comes in. */
  add(operation: string): void
  /** Logs it once it was answered. */
  answered(request: LoggedRequest): void
  counts: RequestCounts
}

/** Oldest first out beyond this, so that a client in a loop cannot fill the memory. */
const keepAtMost = 1_000

export function createRequestLog(operations: readonly string[]): RequestLog {
  const counts = new Map<string, number>()
  const answered: LoggedRequest[] = []
  return {
    add: (operation) => void counts.set(operation, (counts.get(operation) ?? 0) + 1),
    answered(request) {
      answered.push(request)
      if (answered.length > keepAtMost) answered.shift()
    },
    counts: {
      count(operation) {
        checkOperation(operation, operations)
        return counts.get(operation) ?? 0
      },
      total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
      log: () => answered.map((request) => ({ ...request })),
      clear() {
        counts.clear()
        answered.splice(0)
      },
    },
  }
}

/** Throws `ConfigurationError` for a name that is none of `operations`. */
export function checkOperation(operation: string, operations: readonly string[]): void {
  if (operations.includes(operation)) return
  throw new ConfigurationError(`[local Cognito] unknown operation; known are ${operations.join(', ')}`)
}
