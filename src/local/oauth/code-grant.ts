import { createHash } from 'node:crypto'
import { equalSecrets } from '../lib/secrets.ts'
import type { Client } from '../user-pool/client.ts'
import type { AuthorizationCode, UserPool } from '../user-pool/user-pool.ts'
import { OAuthError } from './client-authentication.ts'
import { canReadScopes } from './scopes.ts'
import { tokenResponse } from './token-response.ts'

/** Tokens for an authorization code (RFC 6749 §4.1.3). */
export async function codeGrant(
  pool: UserPool,
  client: Client,
  parameters: URLSearchParams,
): Promise<object> {
  if (!client.allowedOAuthFlows.includes('code')) throw new OAuthError('unauthorized_client')
  const [code, redirectUri] = [parameters.get('code'), parameters.get('redirect_uri')]
  if (!code || !redirectUri) throw new OAuthError('invalid_request')
  // Taken before anything is checked: a code that was tried wrongly is worth nothing any more.
  const granted = pool.codes.take(code)
  if (!granted || granted.client !== client || !granted.user.enabled) throw new OAuthError('invalid_grant')
  if (granted.redirectUri !== redirectUri) throw new OAuthError('unauthorized_client', 'invalid_redirect')
  const { user, scopes, authTime, nonce, resource } = granted
  if (!verifierMatches(granted, parameters.get('code_verifier')) || !canReadScopes(client, scopes)) {
    throw new OAuthError('invalid_grant')
  }
  const signIn = pool.signIns.start({ user, client, scopes, authTime, resource })
  return tokenResponse(pool, signIn, {
    refreshToken: pool.refreshTokens.issue(signIn),
    source: 'TokenGeneration_HostedAuth',
    nonce,
  })
}

/** RFC 7636 §4.6. A verifier without a challenge is refused too (RFC 9700 §4.8.2, PKCE downgrade). */
function verifierMatches({ codeChallenge }: AuthorizationCode, verifier: string | null): boolean {
  if (codeChallenge === undefined || verifier === null)
    return codeChallenge === undefined && verifier === null
  const wellFormed = /^[\w.~-]{43,128}$/.test(verifier)
  return wellFormed && equalSecrets(createHash('sha256').update(verifier).digest('base64url'), codeChallenge)
}
