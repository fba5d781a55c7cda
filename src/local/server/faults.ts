import type { LocalResponse } from './http.ts'
import { errorResponse } from './json-api.ts'
import * as check from '../options/option-checks.ts'
import { checkOperation } from './requests.ts'
import { ServiceError } from './service-error.ts'

/**
 * How an operation fails: with a status, by never answering, by dropping the connection, by Cognito's throttling answer, or with
 * HTML where something else was expected.
 */
export type LocalFault =
  { status: number; body?: string | undefined } | 'hang' | 'reset' | 'throttle' | 'garbage'

/** Which protocol an answer must speak. */
export type Protocol = 'json' | 'oauth' | 'sts' | 's3'

export interface Faults {
  /**
   * Until the returned function is called, or `times` times. Operation `*` is every one. Throws `ConfigurationError` for an
   * operation, a fault or a number of times that does not exist.
   */
  fail(operation: string, fault: LocalFault, options?: { times?: number | undefined }): () => void
  /** The fault of the next request of this operation, if any; the youngest first. */
  next(operation: string): LocalFault | undefined
  /** Heals everything. */
  clear(): void
}

export function createFaults(operations: readonly string[]): Faults {
  const active = new Set<{ operation: string; fault: LocalFault; left: number }>()
  return {
    fail(operation, fault, options = {}) {
      if (operation !== '*') checkOperation(operation, operations)
      checkFault(fault)
      const times = timesFrom(options)
      const entry = { operation, fault, left: times }
      active.add(entry)
      return () => void active.delete(entry)
    },
    next(operation) {
      const entry = [...active].findLast((one) => one.operation === operation || one.operation === '*')
      if (!entry) return undefined
      entry.left -= 1
      if (entry.left <= 0) active.delete(entry)
      return entry.fault
    },
    clear: () => active.clear(),
  }
}

function checkFault(fault: unknown): void {
  if (typeof fault !== 'object') {
    check.checkOneOf('fault', fault, ['hang', 'reset', 'throttle', 'garbage'])
    return
  }
  const { status, body } = check.checkObject('fault', fault, ['status', 'body'])
  check.checkInteger('fault.status', status, { min: 200, max: 599 })
  if (body !== undefined) check.checkString('fault.body', body, /^[^]*$/, 'a string')
}

function timesFrom(options: unknown): number {
  const { times } = check.checkObject('fail', options, ['times'])
  if (times === undefined) return Number.POSITIVE_INFINITY
  return check.checkInteger('fail.times', times, { min: 1, max: Number.MAX_SAFE_INTEGER })
}

/** What a faulty operation does instead of its work. */
export function faultResponse(fault: LocalFault, protocol: Protocol): LocalResponse | 'hang' | 'reset' {
  if (fault === 'hang' || fault === 'reset') return fault
  if (fault === 'throttle') return throttled(protocol)
  if (fault === 'garbage') return htmlResponse(200, '<!doctype html><title>Gateway</title><h1>It works!</h1>')
  return htmlResponse(fault.status, fault.body ?? '')
}

function throttled(protocol: Protocol): LocalResponse {
  if (protocol === 'json') {
    return errorResponse(new ServiceError('TooManyRequestsException', 'Too many requests'))
  }
  if (protocol === 'oauth') return { status: 429, body: 'Too Many Requests' }
  const error = protocol === 's3' ? '<Code>SlowDown</Code>' : '<Code>Throttling</Code>'
  const xml = `<Error>${error}<Message>Rate exceeded</Message></Error>`
  return {
    status: protocol === 's3' ? 503 : 400,
    headers: { 'content-type': 'application/xml' },
    body: protocol === 's3' ? xml : `<ErrorResponse>${xml}</ErrorResponse>`,
  }
}

function htmlResponse(status: number, body: string): LocalResponse {
  const json = /^\s*[{[]/.test(body)
  return { status, headers: { 'content-type': json ? 'application/json' : 'text/html' }, body }
}
