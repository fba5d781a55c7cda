import type { Client } from '../user-pool/client.ts'
import { refresh } from '../user-pool/refresh.ts'
import { refusalMessages } from '../user-pool/refresh-tokens.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { OAuthError } from './client-authentication.ts'
import { checkScopes } from './scopes.ts'
import { tokenResponse } from './token-response.ts'

/** New tokens for a refresh token, which is only replaced where the client rotates (RFC 6749 §6). */
export async function refreshGrant(
  pool: UserPool,
  client: Client,
  parameters: URLSearchParams,
): Promise<object> {
  const refreshToken = parameters.get('refresh_token')
  if (!refreshToken) throw new OAuthError('invalid_request')
  // Before the token is used: a rotating client keeps it.
  checkScopes(pool, client, parameters)
  // This endpoint takes no device key: in a pool that tracks devices, tokens of the API cannot be refreshed here.
  const used = refresh(pool, client, refreshToken, undefined)
  if (typeof used === 'string') throw new OAuthError('invalid_grant', refusalMessages[used])
  return tokenResponse(pool, used.signIn, {
    refreshToken: used.replacement,
    source: 'TokenGeneration_RefreshTokens',
  })
}
