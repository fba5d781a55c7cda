import { randomUUID } from 'node:crypto'
import type { Client } from '../user-pool/client.ts'
import type { LocalResponse } from '../server/http.ts'
import type { BrowserSession } from '../user-pool/browser-session.ts'
import { issueTokens } from '../user-pool/tokens.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { redirect, repeatedParameter, withParameters } from './parameters.ts'

/** An authorization request that passed every check. */
export interface AuthorizationRequest {
  client: Client
  redirectUri: string
  responseType: 'code' | 'token'
  scopes: readonly string[]
  state: string | undefined
  nonce: string | undefined
  /** The API that the access token is for (RFC 8707). */
  resource: string | undefined
  codeChallenge: string | undefined
  prompts: readonly string[]
  loginHint: string
}

/** Codes live five minutes (developer guide, "Authorize endpoint"). */
const codeLifetimeSeconds = 300

/**
 * Checks the parameters of `/oauth2/authorize` and `/login`. Until client and redirect URI are known to belong together, errors
 * go to the domain's own error page; afterwards to the redirect URI (RFC 6749 §4.1.2.1).
 */
export function authorizationRequest(
  pool: UserPool,
  query: URLSearchParams,
): AuthorizationRequest | LocalResponse {
  const repeated = repeatedParameter(query)
  const client = pool.clients.get(query.get('client_id') ?? '')
  const redirectUri = query.get('redirect_uri')
  if (!client || redirectUri === null || repeated === 'client_id' || repeated === 'redirect_uri') {
    return redirect(withParameters('/error', { error: 'invalid_request' }))
  }
  if (!client.callbackURLs.includes(redirectUri)) {
    return redirect(withParameters('/error', { error: 'redirect_mismatch', client_id: client.clientId }))
  }
  const state = query.get('state') ?? undefined
  const refuse = (error: string) => redirect(withParameters(redirectUri, { error, state }))
  const error = repeated
    ? 'invalid_request'
    : (responseTypeError(client, query) ?? challengeError(query) ?? resourceError(query))
  if (error) return refuse(error)
  const scopes = grantedScopes(client, query.get('scope'))
  if (!scopes) return refuse('invalid_scope')
  const provider = query.get('identity_provider') ?? 'COGNITO'
  if (provider !== 'COGNITO' || query.has('idp_identifier')) return refuse('invalid_request')
  return {
    client,
    redirectUri,
    responseType: query.get('response_type') === 'token' ? 'token' : 'code',
    scopes,
    state,
    nonce: query.get('nonce') ?? undefined,
    resource: query.get('resource') ?? undefined,
    codeChallenge: query.get('code_challenge') ?? undefined,
    prompts: (query.get('prompt') ?? '').split(' ').filter(Boolean),
    loginHint: query.get('login_hint') ?? '',
  }
}

function responseTypeError(client: Client, query: URLSearchParams): string | undefined {
  const type = query.get('response_type')
  if (type !== 'code' && type !== 'token') return 'invalid_request'
  const flow = type === 'code' ? 'code' : 'implicit'
  return client.allowedOAuthFlows.includes(flow) ? undefined : 'unauthorized_client'
}

/** A resource is an https URL, one on localhost, or one of a custom scheme. */
function resourceError(query: URLSearchParams): string | undefined {
  const resource = query.get('resource')
  if (resource === null) return undefined
  const shape = /^(https:\/\/[^/]|http:\/\/localhost([:/?]|$)|(?!https?:)[a-z][a-z\d+.-]*:\/\/.)/i
  return shape.test(resource) && URL.canParse(resource) && !resource.includes('#')
    ? undefined
    : 'invalid_request'
}

/** PKCE is optional, but only S256 and only whole (RFC 7636 §4.2: 43 characters). */
function challengeError(query: URLSearchParams): string | undefined {
  const challenge = query.get('code_challenge')
  const method = query.get('code_challenge_method')
  if (challenge === null && method === null) return undefined
  return method === 'S256' && /^[\w-]{43}$/.test(challenge ?? '') ? undefined : 'invalid_request'
}

/** The scopes asked for; all of the client's when none is; undefined when one is unknown or lacks `openid` beside it. */
function grantedScopes(client: Client, asked: string | null): readonly string[] | undefined {
  const scopes = [...new Set((asked ?? '').split(' ').filter(Boolean))]
  if (scopes.length === 0) return client.scopes
  if (!scopes.every((scope) => client.scopes.includes(scope))) return undefined
  const needOpenid = scopes.some((scope) => ['email', 'phone', 'profile'].includes(scope))
  return needOpenid && !scopes.includes('openid') ? undefined : scopes
}

/** Back to the app: with a new code, or with the tokens themselves, as the client asked. */
export async function redirectToApp(
  pool: UserPool,
  request: AuthorizationRequest,
  session: BrowserSession,
  cookies: string[] = [],
): Promise<LocalResponse> {
  if (request.responseType === 'token') return redirectWithTokens(pool, request, session, cookies)
  const { client, redirectUri, scopes, codeChallenge, nonce, state, resource } = request
  const code = randomUUID()
  const granted = { ...session, client, redirectUri, scopes, codeChallenge, nonce, resource }
  pool.codes.set(code, granted, codeLifetimeSeconds)
  return redirect(withParameters(redirectUri, { code, state }), cookies)
}

/** The implicit grant: everything in the fragment, and never a refresh token. */
async function redirectWithTokens(
  pool: UserPool,
  { client, redirectUri, scopes, nonce, state, resource }: AuthorizationRequest,
  { user, authTime }: BrowserSession,
  cookies: string[],
): Promise<LocalResponse> {
  const signIn = pool.signIns.start({ user, client, scopes, authTime, resource })
  const { idToken, accessToken, expiresIn } = await issueTokens(pool, signIn, {
    source: 'TokenGeneration_HostedAuth',
    nonce,
  })
  const fragment = withParameters('', {
    id_token: idToken,
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: String(expiresIn),
    state,
  }).slice(1)
  return redirect(`${redirectUri}#${fragment}`, cookies)
}
