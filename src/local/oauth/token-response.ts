import type { SignIn } from '../user-pool/sign-ins.ts'
import type { TokenSource } from '../user-pool/token-overrides.ts'
import { issueTokens } from '../user-pool/tokens.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** What the token endpoint answers about a user's sign-in (RFC 6749 §5.1). Cognito sends no `scope`. */
export async function tokenResponse(
  pool: UserPool,
  signIn: SignIn,
  how: { refreshToken: string | undefined; source: TokenSource; nonce?: string | undefined },
): Promise<object> {
  const { idToken, accessToken, expiresIn } = await issueTokens(pool, signIn, how)
  return {
    id_token: idToken,
    access_token: accessToken,
    refresh_token: how.refreshToken,
    expires_in: expiresIn,
    token_type: 'Bearer',
  }
}
