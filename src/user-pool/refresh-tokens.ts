import { type InvalidTokenError, SessionEndedError } from '../errors.ts'
import { hasCode } from '../lib/has-code.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import { refreshThroughApi, revokeThroughApi } from './api-tokens.ts'
import type { Verifier } from './verify.ts'
import type { CognitoIdp } from './cognito-idp.ts'
import { redeemRefreshToken, revokeRefreshToken } from './oauth.ts'
import type { UserPoolConfiguration } from './options.ts'
import type { Tokens } from './tokens.ts'
import { verifyTokens } from './user.ts'

/** Takes refresh tokens back to where they came from: the managed login, or the API of direct sign-in. */
export class RefreshTokens {
  readonly #pool: UserPoolConfiguration
  readonly #idp: CognitoIdp

  constructor(pool: UserPoolConfiguration, idp: CognitoIdp) {
    this.#pool = pool
    this.#idp = idp
  }

  /** New tokens, not verified yet. Rejects with SessionEndedError when Cognito refuses, else with UnavailableError. */
  async redeem(tokens: Tokens): Promise<Tokens> {
    const { obtainedBy, refreshToken } = tokens
    const refreshed =
      obtainedBy !== 'api' || refreshToken === undefined
        ? await redeemRefreshToken(this.#pool, tokens)
        : await refreshThroughApi(this.#pool, this.#idp, { ...tokens, refreshToken })
    assertIdToken(tokens, refreshed, this.#pool)
    return refreshed
  }

  /**
   * Like {@link redeem}, where the last refresh brought tokens that could not be verified: they are tried again first,
   * and then their refresh token. Where Cognito rotates refresh tokens, the one that was spent must not be shown again.
   */
  async redeemOnce(tokens: Tokens, unverified: Tokens | undefined, verifier: Verifier): Promise<Tokens> {
    if (unverified === undefined) return this.redeem(tokens)
    if (await isWorthALook(unverified, verifier)) return unverified
    if (unverified.refreshToken === tokens.refreshToken) return this.redeem(tokens)
    return this.redeem(unverified).catch((error: unknown) => {
      // It may have been no answer of Cognito's at all: then the old refresh token still counts.
      if (!hasCode(error, 'ERR_COGNITO_SESSION_ENDED')) throw error
      return this.redeem(tokens)
    })
  }

  /** Ends the refresh token and all tokens of its sign-in. Rejects with UnavailableError. */
  async revoke({ obtainedBy, refreshToken }: Tokens): Promise<void> {
    if (refreshToken === undefined) return
    if (obtainedBy === 'api') return revokeThroughApi(this.#pool, this.#idp, refreshToken)
    return revokeRefreshToken(this.#pool, refreshToken)
  }
}

/**
 * OpenID Connect Core §12.1: a refresh need not bring an ID token; then the old one stays. Without a current one nobody can say
 * who is signed in, and asking again would not change it. Throws {@link SessionEndedError}.
 */
function assertIdToken(
  { idToken }: Tokens,
  refreshed: Tokens,
  { graceSeconds, clock }: UserPoolConfiguration,
): void {
  clock.compare(refreshed.idToken, idToken)
  if (refreshed.idToken !== idToken) return
  const { exp } = unverifiedPayload(idToken)
  if (typeof exp === 'number' && exp + graceSeconds < Date.now() / 1000)
    throw new SessionEndedError('The refresh brought no ID token, and the one before has expired.')
}

/** Tokens that verify now, or that the app refuses. Rejects when that cannot be told. */
function isWorthALook(tokens: Tokens, verifier: Verifier): Promise<boolean> {
  return verifyTokens(verifier, tokens).then(
    () => true,
    (error: unknown) => {
      if (hasCode<InvalidTokenError>(error, 'ERR_COGNITO_INVALID_TOKEN')) return error.reason === 'revoked'
      throw error
    },
  )
}
