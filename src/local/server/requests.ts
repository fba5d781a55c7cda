import { ConfigurationError } from '../options/configuration-error.ts'

/** What was asked of the server, by operation: tests count calls with it. Faulty and refused requests count too. */
export interface RequestCounts {
  /** Throws for a name that is no operation: a typo would otherwise count 0 and look like success. */
  count(operation: string): number
  total(): number
  clear(): void
}

/** The writing side, which the server keeps to itself. */
export interface RequestLog {
  add(operation: string): void
  counts: RequestCounts
}

export function createRequestLog(operations: readonly string[]): RequestLog {
  const counts = new Map<string, number>()
  return {
    add: (operation) => void counts.set(operation, (counts.get(operation) ?? 0) + 1),
    counts: {
      count(operation) {
        checkOperation(operation, operations)
        return counts.get(operation) ?? 0
      },
      total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
      clear: () => counts.clear(),
    },
  }
}

/** Throws `ConfigurationError` for a name that is none of `operations`. */
export function checkOperation(operation: string, operations: readonly string[]): void {
  if (operations.includes(operation)) return
  throw new ConfigurationError(`[local Cognito] unknown operation; known are ${operations.join(', ')}`)
}
