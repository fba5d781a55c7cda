import { InvalidTokenError } from '../errors.ts'
import { type AccessTokenClaims, groupsOf, type IdTokenClaims } from './claims.ts'
import type { Tokens } from './tokens.ts'
import type { Verifier } from './verify.ts'

/** Who signed in: plain data, as Passport keeps it in `req.user`. */
export interface CognitoUser {
  sub: string
  /** Cognito's internal name: equal to `sub` in pools where people sign in by e-mail or phone. */
  username: string
  email?: string
  emailVerified?: boolean
  name?: string
  groups: string[]
  tokens: Tokens
}

/** The tokens of one sign-in with the claims that were verified in them. */
export interface VerifiedTokens {
  tokens: Tokens
  idClaims: IdTokenClaims
  accessClaims: AccessTokenClaims
}

const idToken = Object.freeze({ tokenUse: 'id' })
const accessToken = Object.freeze({ tokenUse: 'access' })

/**
 * Verifies the tokens of one sign-in: both signatures and clients, the nonce if one was sent, and that both
 * speak of the same user. Throws {@link InvalidTokenError}, or UnavailableError when the keys cannot be
 * fetched.
 */
export async function verifyTokens(
  verifier: Verifier,
  tokens: Tokens,
  { nonce }: { nonce?: string } = {},
): Promise<VerifiedTokens> {
  // Each by itself, so that what the first waits for is not left alone when the second is refused at once.
  const [{ claims: idClaims }, { claims: accessClaims }] = await Promise.all([
    (async () => verifier.verify(tokens.idToken, idToken, true))(),
    (async () => verifier.verify(tokens.accessToken, accessToken, true))(),
  ])
  if (nonce !== undefined && idClaims['nonce'] !== nonce) {
    throw new InvalidTokenError('nonce', 'The nonce of the ID token is not the one that was sent.')
  }
  // Only of a sign-in that has just been made is it known when its token must have been issued.
  if (nonce !== undefined) assertJustIssued(idClaims.iat)
  if (idClaims.sub !== accessClaims.sub) {
    throw new InvalidTokenError('claims', 'The ID token and the access token belong to different users.')
  }
  return { tokens, idClaims, accessClaims }
}

/**
 * OpenID Connect Core §3.1.3.7 (10). Wide limits, because clocks differ: no ID token of Cognito lives longer than a day,
 * and a clock that is half an hour behind has other troubles.
 */
function assertJustIssued(iat: unknown): void {
  const age = Date.now() / 1000 - (typeof iat === 'number' ? iat : Number.NaN)
  if (age < 24 * 3_600 && age > -1_800) return
  throw new InvalidTokenError('claims', 'The ID token does not say that it was issued just now (`iat`).')
}

/** The user that verified tokens speak of. */
export function toUser({ tokens, idClaims }: VerifiedTokens): CognitoUser {
  const { email, email_verified: emailVerified, name } = idClaims as Record<string, unknown>
  return {
    sub: idClaims.sub,
    username: idClaims['cognito:username'] ?? idClaims.sub,
    ...(typeof email === 'string' && { email }),
    ...(typeof emailVerified === 'boolean' && { emailVerified }),
    ...(typeof name === 'string' && { name }),
    groups: groupsOf(idClaims),
    tokens,
  }
}
