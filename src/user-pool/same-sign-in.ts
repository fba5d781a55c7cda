import { InvalidTokenError, SessionEndedError } from '../errors.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import type { Tokens } from './tokens.ts'
import type { VerifiedTokens } from './user.ts'

/** The machines of Cognito need not agree about the second. */
const TOLERATED_SECONDS = 60

/**
 * OpenID Connect Core §12.2: a refresh goes on with the sign-in of the same user, and does not go back in time. Issuer and app
 * client were verified. Throws {@link SessionEndedError}: whoever sees somebody else's tokens must not use them.
 */
export function assertSameSignIn(before: Tokens, { idClaims }: VerifiedTokens): void {
  const { sub, iat } = unverifiedPayload(before.idToken)
  if (idClaims.sub !== sub) throw substituted('The refresh brought the tokens of another user.')
  if (idClaims.iat < Number(iat) - TOLERATED_SECONDS)
    throw substituted('The refresh brought tokens that are older than those before.')
}

/** The end of a sign-in whose refresh brought what belongs to another. */
export function substituted(message: string): SessionEndedError {
  return new SessionEndedError(message, new InvalidTokenError('claims', message))
}
