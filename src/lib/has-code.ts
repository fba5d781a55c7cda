import type { CognitoError } from '../errors.ts'

/**
 * An error of this package with one of these codes, or with any when none is named. Told by its code and not by
 * its class: a pool of one copy of the package may meet the middleware of another in one process.
 */
export function hasCode<E extends CognitoError>(error: unknown, ...codes: E['code'][]): error is E {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false
  return codes.length === 0
    ? error.code.startsWith('ERR_COGNITO_')
    : codes.some((code) => code === error.code)
}
