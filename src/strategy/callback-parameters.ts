import { CallbackError } from '../errors.ts'
import { type RequestTarget, targetOf } from '../lib/request-target.ts'

/** What Cognito sent the browser back with: a code or an error, and the state. */
export interface CallbackParameters {
  state: string
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

/**
 * Reads the callback's query. Throws {@link CallbackError} unless each parameter comes once, and either a code
 * or an error.
 */
export function callbackParameters(req: RequestTarget): CallbackParameters {
  const { query } = targetOf(req)
  const once = (name: string) => {
    const values = query.getAll(name)
    if (values.length > 1) throw new CallbackError('parameters_invalid')
    return values[0]
  }
  const [state, code, error, issuer] = [once('state'), once('code'), once('error'), once('iss')]
  if (!state || (code === undefined) === (error === undefined) || code === '')
    throw new CallbackError('parameters_invalid')
  return {
    state,
    code: code ?? '',
    ...(error !== undefined && { error }),
    ...(issuer !== undefined && { issuer }),
  }
}
