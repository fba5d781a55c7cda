import {
  JwtExpiredError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  JwtParseError,
  ParameterValidationError,
} from 'aws-jwt-verify/error'
import type { JwtPayload } from 'aws-jwt-verify/jwt-model'
import { JwtVerifier } from 'aws-jwt-verify/jwt-verifier'
import { CognitoError, InvalidTokenError, type InvalidTokenReason, UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import { deepFreeze } from '../lib/deep-freeze.ts'
import {
  assertAllowed,
  assertClaims,
  type Claims,
  type ClaimsOf,
  type TokenRequirements,
  type TokenUse,
  type Verify,
} from './claims.ts'
import type { Denylist } from './denylist.ts'
import { PoolKeys } from './jwks.ts'
import type { UserPoolConfiguration } from './options.ts'
import { VerifiedTokens } from './verified-tokens.ts'

/**
 * Longer tokens are refused unread. AWS promises no maximum; 16 kB is also what Node accepts in all headers
 * together.
 */
export const MAX_LENGTH = 16 * 1024

const EXPIRED = 'The token has expired.'
const NOT_YET_VALID = 'The token is not valid yet.'

/**
 * Makes the `verify` of a user pool: aws-jwt-verify for any issuer, plus what it leaves open: `exp` and `sub`
 * are required, `crit` is refused, the encoding must be canonical, the size bounded, and keys survive an empty
 * JWKS.
 */
export function createVerify(pool: UserPoolConfiguration, denylist: Denylist): Verify {
  const { jwksUri, graceSeconds } = pool
  const keys = new PoolKeys(pool.fetch)
  const issuers = pool.issuers.map((issuer) => ({ issuer, jwksUri, audience: null, graceSeconds }))
  const verifier = JwtVerifier.create(issuers, { jwksCache: keys })
  const verified = new VerifiedTokens(keys, pool.verifiedTokens)

  return async <Use extends TokenUse>(token: string, requirements: TokenRequirements<Use>) => {
    const payload = recall(token) ?? (await check(token))
    assertClaims(payload, requirements, pool.clientId)
    await assertNotRevoked(payload as Claims)
    assertAllowed(payload, requirements)
    return payload as ClaimsOf<Use>
  }

  function assertNotRevoked(claims: Claims): Promise<void> | undefined {
    if (denylist.has(claims.origin_jti)) {
      throw new InvalidTokenError('revoked', 'The sign-in that the token belongs to has ended.')
    }
    return pool.isRevoked && askTheApp(pool.isRevoked, claims)
  }

  /** A token that was checked before, if it is still in its time. */
  function recall(token: string): JwtPayload | undefined {
    if (typeof token !== 'string' || token.length > MAX_LENGTH) return undefined
    const payload = verified.get(token)
    if (payload) assertInTime(payload, graceSeconds)
    return payload
  }

  async function check(token: string): Promise<JwtPayload> {
    const kid = wellFormedKid(token)
    const payload = deepFreeze(await verifier.verify(token).catch(refuse))
    verified.set(token, kid, payload)
    return payload
  }
}

/** An answer that does not come is no permission. */
async function askTheApp(isRevoked: (claims: Claims) => unknown, claims: Claims): Promise<void> {
  let revoked: unknown
  try {
    revoked = await isRevoked(claims)
  } catch (error) {
    throw new UnavailableError(
      'isRevoked failed, so nobody knows whether the token still counts.',
      summarise(error),
    )
  }
  if (revoked) throw new InvalidTokenError('revoked', 'The token was revoked.')
}

/** The time rules of aws-jwt-verify (RFC 7519 §4.1.4 and §4.1.5), for tokens that it has checked before. */
function assertInTime({ exp, nbf }: JwtPayload, graceSeconds: number): void {
  const now = Date.now() / 1000
  if (exp === undefined || exp + graceSeconds < now) throw new InvalidTokenError('expired', EXPIRED)
  if (nbf !== undefined && nbf - graceSeconds > now)
    throw new InvalidTokenError('not_yet_valid', NOT_YET_VALID)
}

/**
 * Refuses what cannot be a Cognito token before any key is fetched or any signature computed. Gives the `kid`.
 */
function wellFormedKid(token: unknown): string {
  if (typeof token !== 'string' || token.length > MAX_LENGTH)
    throw malformed('is no string or longer than 16 kB')
  const segments = token.split('.', 4)
  if (segments.length !== 3) throw malformed('does not have three segments')
  if (!segments.every(isCanonicalBase64url)) throw malformed('is not base64url')
  const { alg, typ, crit, kid } = parseHeader(segments[0] as string)
  if (alg !== 'RS256') throw new InvalidTokenError('algorithm', 'The token is not signed with RS256.')
  if (typeof kid !== 'string' || kid === '') throw malformed('names no key')
  if (crit !== undefined) throw malformed('has critical extensions (RFC 7515 §4.1.11)')
  if (typ !== undefined && typ !== 'JWT' && typ !== 'at+jwt') throw malformed('is of another type')
  return kid
}

/**
 * One text for one token: unused bits are zero and there is no padding, so that a denied token has no second
 * spelling.
 */
function isCanonicalBase64url(segment: string): boolean {
  return segment !== '' && Buffer.from(segment, 'base64url').toString('base64url') === segment
}

function parseHeader(segment: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString())
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return { ...header }
  } catch {
    // Falls through: the message of JSON.parse would quote the token.
  }
  throw malformed('has no JSON header')
}

function malformed(why: string): InvalidTokenError {
  return new InvalidTokenError('malformed', `The token ${why}.`)
}

const refusals: readonly [
  error: abstract new (...args: never[]) => Error,
  InvalidTokenReason,
  message: string,
][] = [
  [JwtExpiredError, 'expired', EXPIRED],
  [JwtNotBeforeError, 'not_yet_valid', NOT_YET_VALID],
  [JwtInvalidIssuerError, 'issuer', 'The token was issued by another user pool.'],
  [ParameterValidationError, 'issuer', 'The token was issued by another user pool.'],
  [JwtInvalidSignatureError, 'signature', 'The signature does not match.'],
  [JwtInvalidSignatureAlgorithmError, 'algorithm', 'The token is not signed with the algorithm of its key.'],
  [JwtParseError, 'malformed', 'The token is no JWT.'],
]

function refuse(error: unknown): never {
  if (error instanceof CognitoError) throw error
  const [, reason, message] = refusals.find(([type]) => error instanceof type) ?? []
  // Of a token whose signature does not count yet, the message quotes what anybody may have written, line breaks
  // included.
  const unsigned = error instanceof JwtParseError || error instanceof ParameterValidationError
  const cause = unsigned ? summarise(error) : error
  throw new InvalidTokenError(reason ?? 'malformed', message ?? 'The token is no JWT.', cause)
}
