import { createHash, randomUUID } from 'node:crypto'
import type { Client } from '../user-pool/client.ts'
import type { LocalHandler } from '../server/http.ts'
import { refusalMessages } from '../user-pool/refresh-tokens.ts'
import { refresh } from '../user-pool/refresh.ts'
import type { SignIn } from '../user-pool/sign-ins.ts'
import type { TokenSource } from '../user-pool/token-overrides.ts'
import { equalSecrets } from '../lib/secrets.ts'
import { issueTokens } from '../user-pool/tokens.ts'
import type { AuthorizationCode, UserPool } from '../user-pool/user-pool.ts'
import { authenticateClient, OAuthError } from './client-authentication.ts'
import { formParameters, json, repeatedParameter } from './parameters.ts'

/** `POST /oauth2/token`: the code and the refresh grant. */
export function token(pool: UserPool): LocalHandler {
  return async (request) => {
    const parameters = formParameters(request)
    const grantType = parameters.get('grant_type')
    if (!grantType || repeatedParameter(parameters)) throw new OAuthError('invalid_request')
    const grant = grants.get(grantType)
    if (!grant) throw new OAuthError('unsupported_grant_type')
    const client = authenticateClient(pool, request, parameters)
    return json(200, await grant(pool, client, parameters), { 'x-amz-cognito-request-id': randomUUID() })
  }
}

type Grant = (pool: UserPool, client: Client, parameters: URLSearchParams) => Promise<object> | object

const grants = new Map<string, Grant>([
  ['authorization_code', codeGrant],
  ['refresh_token', refreshGrant],
  [
    'client_credentials',
    () => {
      throw new OAuthError('unauthorized_client')
    },
  ],
])

async function codeGrant(pool: UserPool, client: Client, parameters: URLSearchParams): Promise<object> {
  const [code, redirectUri] = [parameters.get('code'), parameters.get('redirect_uri')]
  if (!code || !redirectUri) throw new OAuthError('invalid_request')
  // Taken before anything is checked: a code that was tried wrongly is worth nothing any more.
  const granted = pool.codes.take(code)
  if (!granted || granted.client !== client || !granted.user.enabled) throw new OAuthError('invalid_grant')
  if (granted.redirectUri !== redirectUri) throw new OAuthError('unauthorized_client', 'invalid_redirect')
  if (!verifierMatches(granted, parameters.get('code_verifier'))) throw new OAuthError('invalid_grant')
  const { user, scopes, authTime, nonce } = granted
  const signIn = pool.signIns.start({ user, client, scopes, authTime })
  return tokenResponse(pool, signIn, pool.refreshTokens.issue(signIn), {
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

function refreshGrant(pool: UserPool, client: Client, parameters: URLSearchParams): Promise<object> {
  const refreshToken = parameters.get('refresh_token')
  if (!refreshToken) throw new OAuthError('invalid_request')
  // Before the token is used: a rotating client keeps it.
  const scopes = (parameters.get('scope') ?? '').split(' ').filter(Boolean)
  if (!scopes.every((scope) => client.scopes.includes(scope))) throw new OAuthError('invalid_scope')
  // This endpoint takes no device key: in a pool that tracks devices, tokens of the API cannot be refreshed here.
  const used = refresh(pool, client, refreshToken, undefined)
  if (typeof used === 'string') throw new OAuthError('invalid_grant', refusalMessages[used])
  return tokenResponse(pool, used.signIn, used.replacement, { source: 'TokenGeneration_RefreshTokens' })
}

async function tokenResponse(
  pool: UserPool,
  signIn: SignIn,
  refreshToken: string | undefined,
  how: { source: TokenSource; nonce?: string | undefined },
): Promise<object> {
  const { idToken, accessToken, expiresIn } = await issueTokens(pool, signIn, how)
  return {
    id_token: idToken,
    access_token: accessToken,
    refresh_token: refreshToken,
    expires_in: expiresIn,
    token_type: 'Bearer',
  }
}
