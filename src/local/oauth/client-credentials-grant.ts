import type { Client } from '../user-pool/client.ts'
import { machineScopes, machineToken } from '../user-pool/machine-token.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { OAuthError } from './client-authentication.ts'

/** An access token for the client itself (RFC 6749 §4.4): no user, no ID token, no refresh token. */
export async function clientCredentialsGrant(
  pool: UserPool,
  client: Client,
  parameters: URLSearchParams,
): Promise<object> {
  if (!client.allowedOAuthFlows.includes('client_credentials')) throw new OAuthError('unauthorized_client')
  const asked = (parameters.get('scope') ?? '').split(' ').filter(Boolean)
  const scopes = machineScopes(pool, client, asked)
  if (scopes === 'unknown') throw new OAuthError('invalid_scope')
  if (scopes === 'foreign') throw new OAuthError('invalid_grant')
  const metadata = metadataFrom(parameters.get('aws_client_metadata'))
  const { accessToken, expiresIn } = await machineToken(pool, client, scopes, metadata)
  return { access_token: accessToken, expires_in: expiresIn, token_type: 'Bearer' }
}

/** `aws_client_metadata`: a JSON object of strings, for the trigger that makes tokens. */
function metadataFrom(json: string | null): Record<string, string> | undefined {
  if (json === null) return undefined
  try {
    const given: unknown = JSON.parse(json)
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw new OAuthError('invalid_request')
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
  } catch {
    throw new OAuthError('invalid_request')
  }
}
