import { CallbackError } from '../errors.ts'
import { type RequestTarget, targetOf } from '../lib/request-target.ts'

/** What Cognito sent the browser back with, beside the state: a code or an error. */
export interface CallbackParameters {
  code: string
  /** Set instead of `code`. */
  error?: string
  /** RFC 9207; Cognito sends none today. */
  issuer?: string
}

/**
 * True for the callback route, and elsewhere for the answer of an authorization server (an app behind a proxy
 * may see other paths).
 */
export function isCallback(req: RequestTarget, callbackPath: string): boolean {
  const { path, query } = targetOf(req)
  return path === callbackPath || (query.has('state') && (query.has('code') || query.has('error')))
}

/** The sign-in that the callback speaks of. Throws {@link CallbackError} unless there is exactly one. */
export function callbackState(req: RequestTarget): string {
  const state = once(targetOf(req).query, 'state')
  if (!state) throw new CallbackError('parameters_invalid')
  return state
}

/**
 * Reads the rest of the callback's query. Throws {@link CallbackError} unless each parameter comes once, and
 * either a code or an error.
 */
export function callbackParameters(req: RequestTarget): CallbackParameters {
  const { query } = targetOf(req)
  const [code, error, issuer] = [once(query, 'code'), once(query, 'error'), once(query, 'iss')]
  if ((code === undefined) === (error === undefined) || code === '')
    throw new CallbackError('parameters_invalid')
  return {
    code: code ?? '',
    ...(error !== undefined && { error }),
    ...(issuer !== undefined && { issuer }),
  }
}

function once(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name)
  if (values.length > 1) throw new CallbackError('parameters_invalid')
  return values[0]
}
