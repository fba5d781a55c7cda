import { verify as verifySignature } from 'node:crypto'
import type { JwtPayload } from 'aws-jwt-verify/jwt-model'
import { InvalidTokenError, UnavailableError } from '../errors.ts'
import { andThen, isPromise } from '../lib/and-then.ts'
import { summarise } from '../lib/cause.ts'
import { deepFreeze } from '../lib/deep-freeze.ts'
import { within } from '../lib/within.ts'
import {
  assertAllowed,
  assertClaims,
  type Claims,
  type ClaimsOf,
  type TokenRequirements,
  type TokenUse,
} from './claims.ts'
import { JwtDecoder, MAX_LENGTH } from './decode.ts'
import type { Denylist } from './denylist.ts'
import type { UserPoolConfiguration } from './options.ts'
import { SigningKeys } from './signing-keys.ts'
import { type VerifiedToken, VerifiedTokens } from './verified-tokens.ts'

/** Checks tokens of one user pool. */
export interface Verifier {
  /**
   * A token in, claims out: at once where nobody need be asked. `unchanging` says that the object of requirements never
   * changes, so that claims which met it need not be held against it again. Throws, or rejects with, what {@link
   * UserPool.verify} rejects with.
   */
  verify<Use extends TokenUse>(
    token: string,
    requirements: TokenRequirements<Use>,
    unchanging?: boolean,
  ): VerifiedToken<ClaimsOf<Use>> | Promise<VerifiedToken<ClaimsOf<Use>>>
  /**
   * Checks of claims that {@link verify} gave for a token what may have changed since: time, key and revocation. `false`:
   * the token is not remembered, and must be verified anew.
   */
  verifyAgain(claims: Claims, token: string): boolean | Promise<boolean>
}

/** What a verifier is made of. */
interface VerifierParts {
  pool: UserPoolConfiguration
  keys: SigningKeys
  verified: VerifiedTokens
  decoder: JwtDecoder
}

/**
 * Makes the verifier of a user pool. It checks what aws-jwt-verify checks, for any issuer, and what that leaves open:
 * `exp` and `sub` are required, `crit` is refused, the encoding must be canonical, the size bounded, and keys survive
 * an empty JWKS.
 */
export function createVerifier(pool: UserPoolConfiguration, denylist: Denylist): Verifier {
  const { graceSeconds } = pool
  const keys = new SigningKeys(pool.jwksUri, pool.fetch)
  const verified = new VerifiedTokens(keys, pool.verifiedTokens)
  const parts: VerifierParts = { pool, keys, verified, decoder: new JwtDecoder() }

  return { verify, verifyAgain }

  function verify<Use extends TokenUse>(
    token: string,
    requirements: TokenRequirements<Use>,
    unchanging = false,
  ): VerifiedToken<ClaimsOf<Use>> | Promise<VerifiedToken<ClaimsOf<Use>>> {
    return andThen(recall(token) ?? check(token, parts), (known) => {
      const { claims } = known
      const met = unchanging && known.met === requirements
      if (!met) assertClaims(claims, requirements, pool.clientId)
      return andThen(assertNotRevoked(claims), () => {
        if (!met) assertAllowed(claims, requirements)
        if (unchanging) known.met = requirements
        return known as VerifiedToken<ClaimsOf<Use>>
      })
    })
  }

  function verifyAgain(claims: Claims, token: string): boolean | Promise<boolean> {
    if (!verified.vouchesFor(claims, token)) return false
    assertInTime(claims, graceSeconds)
    return andThen(assertNotRevoked(claims), () => true)
  }

  function assertNotRevoked(claims: Claims): void | Promise<void> {
    return andThen(denylist.has(claims.origin_jti), (denied) => {
      if (denied) throw ended()
      if (pool.isRevoked) return askTheApp(pool.isRevoked, claims, pool.timeoutMs)
    })
  }

  /** A token that was checked before, if it is still in its time. */
  function recall(token: string): VerifiedToken | undefined {
    if (typeof token !== 'string' || token.length > MAX_LENGTH) return undefined
    const known = verified.get(token)
    if (known) assertInTime(known.claims, graceSeconds)
    return known
  }
}

/** Form, issuer, signature and time of a token that comes for the first time. */
function check(
  token: string,
  { pool, keys, verified, decoder }: VerifierParts,
): VerifiedToken | Promise<VerifiedToken> {
  const { header, kid, payload, signingInput, signature } = decoder.decode(token)
  if (!pool.issuers.includes(payload.iss as string)) {
    throw new InvalidTokenError('issuer', 'The token was issued by another user pool.')
  }
  return andThen(keys.find(kid) ?? keys.fetch(kid), (key) => {
    if (!verifySignature('RSA-SHA256', signingInput, key.publicKey, signature)) {
      throw new InvalidTokenError('signature', 'The signature does not match.')
    }
    assertInTime(payload, pool.graceSeconds)
    decoder.remember(header, kid)
    const entry: VerifiedToken = { token, claims: deepFreeze(payload) as Claims, key }
    verified.set(entry)
    return entry
  })
}

function ended(): InvalidTokenError {
  return new InvalidTokenError('revoked', 'The sign-in that the token belongs to has ended.')
}

/** An answer that does not come is no permission. */
async function askTheApp(
  isRevoked: (claims: Claims) => unknown,
  claims: Claims,
  limitMs: number,
): Promise<void> {
  let revoked: unknown
  try {
    const answer = isRevoked(claims)
    revoked = isPromise(answer) ? await within(answer, limitMs) : answer
  } catch (error) {
    throw new UnavailableError(
      'isRevoked failed, so nobody knows whether the token still counts.',
      summarise(error),
    )
  }
  if (revoked) throw new InvalidTokenError('revoked', 'The token was revoked.')
}

/** RFC 7519 §4.1.4 and §4.1.5, with the clock difference that the pool tolerates. */
function assertInTime({ exp, nbf }: JwtPayload, graceSeconds: number): void {
  const now = Date.now() / 1000
  if (exp === undefined) throw new InvalidTokenError('claims', 'The token has no `exp`.')
  if (exp + graceSeconds < now) throw new InvalidTokenError('expired', 'The token has expired.')
  if (nbf !== undefined && nbf - graceSeconds > now) {
    throw new InvalidTokenError('not_yet_valid', 'The token is not valid yet.')
  }
}
