import type { Client } from '../user-pool/client.ts'
import { issueMachineToken } from '../user-pool/machine-token.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { OAuthError } from './client-authentication.ts'
import { checkScopes } from './scopes.ts'

/** An access token for the client itself (RFC 6749 §4.4): no user, no ID token, no refresh token. */
export async function clientCredentialsGrant(
  pool: UserPool,
  client: Client,
  parameters: URLSearchParams,
): Promise<object> {
  if (!client.allowedOAuthFlows.includes('client_credentials')) throw new OAuthError('unauthorized_client')
  const asked = checkScopes(pool, client, parameters)
  const scopes = asked.length > 0 ? asked : client.scopes
  const clientMetadata = metadataFrom(parameters.get('aws_client_metadata'))
  return {
    access_token: await issueMachineToken(pool, client, scopes, clientMetadata),
    expires_in: client.accessTokenValiditySeconds,
    token_type: 'Bearer',
  }
}

/** JSON, for the trigger that makes tokens. */
function metadataFrom(json: string | null): Record<string, string> | undefined {
  if (json === null) return undefined
  let given: unknown
  try {
    given = JSON.parse(json)
  } catch {
    throw new OAuthError('invalid_request')
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new OAuthError('invalid_request')
  const entries = Object.entries(given)
  if (!entries.every(([, value]) => typeof value === 'string')) throw new OAuthError('invalid_request')
  return Object.fromEntries(entries)
}
