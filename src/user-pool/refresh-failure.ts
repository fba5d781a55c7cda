import { CognitoError, InvalidTokenError, SessionEndedError, UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import type { SignIn } from './known-sign-ins.ts'

/**
 * After a failed refresh the same answer is given for this long, so that one fault is not multiplied by every
 * waiting request.
 */
const BACK_OFF_MS = 1_000
/** A clock that is wrong stays wrong for longer. */
const CLOCK_BACK_OFF_SECONDS = 30

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

/** For a refresh that came before its time: while the tokens are still good, only a refusal counts. */
export function unlessStillGood<T>(good: T | undefined): (error: unknown) => T {
  return (error) => {
    if (good === undefined || error instanceof SessionEndedError) throw error
    return good
  }
}

/**
 * Tokens from Cognito that do not verify are Cognito's fault or that of a clock, never the user's: nobody is
 * signed out for it. Those of another pool or app client are not of this sign-in (OpenID Connect Core §12.2).
 */
export function refreshFailure(error: unknown): CognitoError {
  if (error instanceof InvalidTokenError) {
    if (error.reason === 'issuer' || error.reason === 'client')
      return new SessionEndedError('The refresh brought tokens of another user pool or app client.', error)
    if (isOfClock(error))
      return new UnavailableError(
        'The refreshed tokens are not in their time on arrival: the clocks of this machine and of Cognito differ.',
        error,
        { retryAfterSeconds: CLOCK_BACK_OFF_SECONDS },
      )
    return new UnavailableError('The refreshed tokens do not verify.', error)
  }
  return error instanceof CognitoError
    ? error
    : new UnavailableError('The tokens could not be refreshed.', summarise(error))
}

/** What everybody is told until it is tried again. */
export function backOff(error: CognitoError): NonNullable<SignIn['failure']> {
  const waitMs = isOfClock(error.cause) ? CLOCK_BACK_OFF_SECONDS * 1000 : BACK_OFF_MS
  return { error, waitMs, until: Date.now() + waitMs }
}

function isOfClock(error: unknown): boolean {
  return (
    error instanceof InvalidTokenError && (error.reason === 'expired' || error.reason === 'not_yet_valid')
  )
}
