import type { Client } from '../user-pool/client.ts'
import { newSignIn, type SignIn } from '../user-pool/refresh-tokens.ts'
import { issueTokens } from '../user-pool/tokens.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** The answer of a finished sign-in: `ChallengeParameters` is empty, not absent. */
export function signedIn(pool: UserPool, user: User, client: Client): object {
  const signIn = newSignIn({ user, client, scopes: undefined, authTime: pool.clock.nowSeconds() })
  return authenticationResult(pool, signIn, pool.refreshTokens.issue(signIn))
}

/** Tokens of a sign-in; a refresh through the API never brings a new refresh token. */
export function authenticationResult(pool: UserPool, signIn: SignIn, refreshToken?: string): object {
  const { accessToken, idToken, expiresIn } = issueTokens(pool, signIn)
  return {
    AuthenticationResult: {
      AccessToken: accessToken,
      ExpiresIn: expiresIn,
      IdToken: idToken,
      RefreshToken: refreshToken,
      TokenType: 'Bearer',
    },
    ChallengeParameters: {},
  }
}
