import { CognitoError, InvalidTokenError, UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'

/** Tokens that a refresh makes good: expired, or signed with a key that has left the JWKS in the meantime. */
export function unlessStale(error: unknown): undefined {
  if (error instanceof InvalidTokenError && (error.reason === 'expired' || error.reason === 'unknown_key'))
    return undefined
  // Only a clock can be the reason, ours or Cognito's; the user did nothing.
  if (error instanceof InvalidTokenError && error.reason === 'not_yet_valid') {
    throw new UnavailableError(
      'The tokens are not valid yet: the clocks of this machine and of Cognito differ.',
      error,
    )
  }
  throw error
}

/**
 * Tokens from Cognito that do not verify are Cognito's fault or that of a clock, never the user's: nobody is
 * signed out for it.
 */
export function refreshFailure(error: unknown): CognitoError {
  if (error instanceof InvalidTokenError)
    return new UnavailableError('The refreshed tokens do not verify.', error)
  return error instanceof CognitoError
    ? error
    : new UnavailableError('The tokens could not be refreshed.', summarise(error))
}
