import type { Configuration, TokenEndpointResponse } from 'openid-client'
import { connect } from './oauth-client.ts'
import type { UserPoolConfiguration } from './options.ts'
import { type Tokens, tokensFromOAuth } from './tokens.ts'

/**
 * Runs a grant. The ID token is kept from openid-client, which knows one issuer per server where Cognito signs
 * with either of two, and does not check the signature; the caller hands it to `verify`. `expires_in` goes too:
 * the tokens' own `exp` counts.
 */
export async function requestTokens(
  pool: UserPoolConfiguration,
  grant: (config: Configuration) => Promise<TokenEndpointResponse>,
  previous?: Tokens,
): Promise<Partial<Tokens>> {
  let idToken: unknown
  const config = await connect(pool, async (url, init) => {
    const response = await pool.fetch(url, init)
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined)
    if (!response.ok || typeof body !== 'object' || body === null) return response
    const { id_token, expires_in: _, ...rest } = body as Record<string, unknown>
    idToken = id_token
    return new Response(JSON.stringify(rest), { status: response.status, headers: response.headers })
  })
  const answer = await grant(config)
  // openid-client takes DPoP-bound tokens too, which would be useless as bearer tokens (RFC 9449 §5).
  if (answer.token_type !== 'bearer') return {}
  return tokensFromOAuth({ ...answer, id_token: idToken }, previous)
}

/**
 * What a failed exchange means: the grant or the client was refused, the answer is wrong, or nothing can be
 * said now.
 */
export type Failure = 'grant' | 'client' | 'response' | 'unavailable'

/** By code, not by class name, which a minifier may have changed. */
export function classify(failure: unknown): Failure {
  const { code, error, status = 500 } = failure as { code?: string; error?: string; status?: number }
  if (code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE') return 'client'
  if (code === 'OAUTH_INVALID_RESPONSE' || code === 'OAUTH_UNSUPPORTED_OPERATION') return 'response'
  if (code !== 'OAUTH_RESPONSE_BODY_ERROR') return 'unavailable'
  if (error === 'invalid_grant') return 'grant'
  const passing = error === 'server_error' || error === 'temporarily_unavailable'
  return passing || status >= 500 || status === 429 ? 'unavailable' : 'client'
}
