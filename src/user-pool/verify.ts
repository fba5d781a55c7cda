import {
  JwtExpiredError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  JwtParseError,
  ParameterValidationError,
} from 'aws-jwt-verify/error'
import { JwtVerifier } from 'aws-jwt-verify/jwt-verifier'
import { CognitoError, InvalidTokenError, type InvalidTokenReason } from '../errors.ts'
import { deepFreeze } from '../lib/deep-freeze.ts'
import {
  assertAllowed,
  assertClaims,
  type ClaimsOf,
  type TokenRequirements,
  type TokenUse,
  type Verify,
} from './claims.ts'
import { PoolKeys } from './jwks.ts'
import type { UserPoolConfiguration } from './options.ts'

/**
 * Longer tokens are refused unread. AWS promises no maximum; 16 kB is also what Node accepts in all headers
 * together.
 */
const MAX_LENGTH = 16 * 1024

/**
 * Makes the `verify` of a user pool: aws-jwt-verify for any issuer, plus what it leaves open: `exp` and `sub`
 * are required, `crit` is refused, the encoding must be canonical, the size bounded, and keys survive an empty
 * JWKS.
 */
export function createVerify(pool: UserPoolConfiguration): Verify {
  const { jwksUri, graceSeconds } = pool
  const issuers = pool.issuers.map((issuer) => ({ issuer, jwksUri, audience: null, graceSeconds }))
  const verifier = JwtVerifier.create(issuers, { jwksCache: new PoolKeys(pool.fetch) })

  return async <Use extends TokenUse>(token: string, requirements: TokenRequirements<Use>) => {
    assertWellFormed(token)
    const payload = await verifier.verify(token).catch(refuse)
    assertClaims(payload, requirements, pool.clientId)
    assertAllowed(payload, requirements)
    return deepFreeze(payload) as ClaimsOf<Use>
  }
}

/** Refuses what cannot be a Cognito token before any key is fetched or any signature computed. */
function assertWellFormed(token: unknown): asserts token is string {
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
  [JwtExpiredError, 'expired', 'The token has expired.'],
  [JwtNotBeforeError, 'not_yet_valid', 'The token is not valid yet.'],
  [JwtInvalidIssuerError, 'issuer', 'The token was issued by another user pool.'],
  [ParameterValidationError, 'issuer', 'The token was issued by another user pool.'],
  [JwtInvalidSignatureError, 'signature', 'The signature does not match.'],
  [JwtInvalidSignatureAlgorithmError, 'algorithm', 'The token is not signed with the algorithm of its key.'],
  [JwtParseError, 'malformed', 'The token is no JWT.'],
]

function refuse(error: unknown): never {
  if (error instanceof CognitoError) throw error
  const refusal = refusals.find(([type]) => error instanceof type)
  throw new InvalidTokenError(refusal?.[1] ?? 'malformed', refusal?.[2] ?? 'The token is no JWT.', error)
}
