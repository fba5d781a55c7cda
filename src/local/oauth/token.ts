import { createHash, randomUUID } from 'node:crypto'
import type { Client } from '../user-pool/client.ts'
import type { LocalHandler } from '../server/http.ts'
import { machineScopes, machineToken } from '../user-pool/machine-token.ts'
import { refusalMessages } from '../user-pool/refresh-tokens.ts'
import { refresh } from '../user-pool/refresh.ts'
import type { SignIn } from '../user-pool/sign-ins.ts'
import type { TokenSource } from '../user-pool/token-overrides.ts'
import { equalSecrets } from '../lib/secrets.ts'
import { issueTokens } from '../user-pool/tokens.ts'
import type { AuthorizationCode, UserPool } from '../user-pool/user-pool.ts'
import { authenticateClient, OAuthError } from './client-authentication.ts'
import { formParameters, json, repeatedParameter } from './parameters.ts'

/** `POST /oauth2/token`: the code, the refresh and the client credentials grant. */
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
  ['client_credentials', clientCredentialsGrant],
])

async function codeGrant(pool: UserPool, client: Client, parameters: URLSearchParams): Promise<object> {
  if (!client.allowedOAuthFlows.includes('code')) throw new OAuthError('unauthorized_client')
  const [code, redirectUri] = [parameters.get('code'), parameters.get('redirect_uri')]
  if (!code || !redirectUri) throw new OAuthError('invalid_request')
  // Taken before anything is checked: a code that was tried wrongly is worth nothing any more.
  const granted = pool.codes.take(code)
  if (!granted || granted.client !== client || !granted.user.enabled) throw new OAuthError('invalid_grant')
  if (granted.redirectUri !== redirectUri) throw new OAuthError('unauthorized_client', 'invalid_redirect')
  if (!verifierMatches(granted, parameters.get('code_verifier'))) throw new OAuthError('invalid_grant')
  const { user, scopes, authTime, nonce, resource } = granted
  if (!mayRead(client, scopes)) throw new OAuthError('invalid_grant')
  const signIn = pool.signIns.start({ user, client, scopes, authTime, resource })
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

/** A scope shows attributes, all of which the client must be allowed to read. */
function mayRead({ readAttributes }: Client, scopes: readonly string[]): boolean {
  const shown = scopes.flatMap((scope) => {
    if (scope === 'email') return ['email', 'email_verified']
    return scope === 'phone' ? ['phone_number', 'phone_number_verified'] : []
  })
  return shown.every((attribute) => readAttributes?.has(attribute) ?? true)
}

/** `client_credentials`: an access token for the client itself, and nothing else. */
async function clientCredentialsGrant(
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

/** `aws_client_metadata`: a JSON object of strings. */
function metadataFrom(text: string | null): Record<string, string> | undefined {
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) throw new OAuthError('invalid_request')
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, String(entry)]))
  } catch {
    throw new OAuthError('invalid_request')
  }
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
