import { refreshThroughApi, revokeThroughApi } from './api-tokens.ts'
import type { CognitoIdp } from './cognito-idp.ts'
import { redeemRefreshToken, revokeRefreshToken } from './oauth.ts'
import type { UserPoolConfiguration } from './options.ts'
import type { Tokens } from './tokens.ts'

/** Takes refresh tokens back to where they came from: the managed login, or the API of direct sign-in. */
export class RefreshTokens {
  readonly #pool: UserPoolConfiguration
  readonly #idp: CognitoIdp

  constructor(pool: UserPoolConfiguration, idp: CognitoIdp) {
    this.#pool = pool
    this.#idp = idp
  }

  /** New tokens, not verified yet. Rejects with SessionEndedError when Cognito refuses, else with UnavailableError. */
  redeem(tokens: Tokens): Promise<Tokens> {
    const { obtainedBy, refreshToken } = tokens
    if (obtainedBy !== 'api' || refreshToken === undefined) return redeemRefreshToken(this.#pool, tokens)
    return refreshThroughApi(this.#pool, this.#idp, { ...tokens, refreshToken })
  }

  /** Ends the refresh token and all tokens of its sign-in. Rejects with UnavailableError. */
  async revoke({ obtainedBy, refreshToken }: Tokens): Promise<void> {
    if (refreshToken === undefined) return
    if (obtainedBy === 'api') return revokeThroughApi(this.#pool, this.#idp, refreshToken)
    return revokeRefreshToken(this.#pool, refreshToken)
  }
}
