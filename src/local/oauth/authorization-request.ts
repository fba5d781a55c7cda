import type { Client } from '../user-pool/client.ts'
import type { LocalResponse } from '../server/http.ts'
import {
  hasOwnUsers,
  namedProvider,
  ownUsers,
  providersOf,
  type IdentityProvider,
} from '../user-pool/identity-providers.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { redirect, repeatedParameter, withParameters } from './parameters.ts'
import { unknownScope } from './scopes.ts'

/** An authorization request that passed every check. */
export interface AuthorizationRequest {
  client: Client
  redirectUri: string
  responseType: 'code' | 'token'
  scopes: readonly string[]
  state: string | undefined
  nonce: string | undefined
  codeChallenge: string | undefined
  prompts: readonly string[]
  loginHint: string
  /** Whose page is shown instead of this server's own. */
  provider: IdentityProvider | undefined
  /** The API that the access token is for (RFC 8707). */
  resource: string | undefined
  /** How old a browser's session may be. */
  maxAgeSeconds: number | undefined
}

/**
 * Checks the parameters of `/oauth2/authorize` and of the pages. Until client and redirect URI are known to belong together,
 * errors go to the domain's own error page; afterwards to the redirect URI (RFC 6749 §4.1.2.1).
 */
export function authorizationRequest(
  pool: UserPool,
  query: URLSearchParams,
): AuthorizationRequest | LocalResponse {
  const repeated = repeatedParameter(query)
  const errorPath = `${pool.domainPath}/error`
  const client = pool.clients.get(query.get('client_id') ?? '')
  const redirectUri = query.get('redirect_uri')
  if (!client || redirectUri === null || repeated === 'client_id' || repeated === 'redirect_uri') {
    return redirect(withParameters(errorPath, { error: 'invalid_request' }))
  }
  if (!client.callbackURLs.includes(redirectUri)) {
    return redirect(withParameters(errorPath, { error: 'redirect_mismatch', client_id: client.clientId }))
  }
  const error = repeated === undefined ? errorOf(pool, client, query) : 'invalid_request'
  const state = query.get('state') ?? undefined
  if (error) return redirect(withParameters(redirectUri, { error, state }))
  const maxAge = query.get('max_age')
  return {
    client,
    redirectUri,
    responseType: query.get('response_type') === 'token' ? 'token' : 'code',
    scopes: askedScopes(client, query),
    state,
    nonce: query.get('nonce') ?? undefined,
    codeChallenge: query.get('code_challenge') ?? undefined,
    prompts: words(query.get('prompt')),
    loginHint: query.get('login_hint') ?? '',
    provider: providerOf(pool, client, query),
    resource: query.get('resource') ?? undefined,
    maxAgeSeconds: maxAge === null ? undefined : Number(maxAge),
  }
}

/** What is wrong with everything but the client and the redirect URI. */
function errorOf(pool: UserPool, client: Client, query: URLSearchParams): string | undefined {
  const isKnownProvider = providerOf(pool, client, query) !== undefined || !namesForeigner(query)
  return (
    responseTypeError(client, query.get('response_type')) ??
    challengeError(query) ??
    scopeError(pool, client, askedScopes(client, query)) ??
    (isKnownProvider &&
    isResource(query.get('resource')) &&
    /^\d{1,9}$/.test(query.get('max_age') ?? '0') &&
    !isJsonObject(query.get('state'))
      ? undefined
      : 'invalid_request')
  )
}

function responseTypeError(client: Client, type: string | null): string | undefined {
  if (type !== 'code' && type !== 'token') return 'invalid_request'
  return client.allowedOAuthFlows.includes(type === 'code' ? 'code' : 'implicit')
    ? undefined
    : 'unauthorized_client'
}

/** PKCE is optional, but only S256 and only whole (RFC 7636 §4.2: 43 characters). */
function challengeError(query: URLSearchParams): string | undefined {
  const challenge = query.get('code_challenge')
  const method = query.get('code_challenge_method')
  if (challenge === null && method === null) return undefined
  return method === 'S256' && /^[\w-]{43}$/.test(challenge ?? '') ? undefined : 'invalid_request'
}

/** All of the client's when none is asked for. */
function askedScopes(client: Client, query: URLSearchParams): readonly string[] {
  const asked = [...new Set(words(query.get('scope')))]
  return asked.length === 0 ? client.scopes : asked
}

/** Scopes that are unknown or not the client's, or lack `openid` beside them. */
function scopeError(pool: UserPool, client: Client, scopes: readonly string[]): string | undefined {
  if (unknownScope(pool, client, scopes) || !scopes.every((scope) => client.scopes.includes(scope))) {
    return 'invalid_scope'
  }
  const needOpenid = scopes.some((scope) => ['email', 'phone', 'profile'].includes(scope))
  return needOpenid && !scopes.includes('openid') ? 'invalid_scope' : undefined
}

function namesForeigner(query: URLSearchParams): boolean {
  return (query.get('identity_provider') ?? ownUsers) !== ownUsers || query.has('idp_identifier')
}

/** The provider that is named, or the only one that the client has. */
function providerOf(pool: UserPool, client: Client, query: URLSearchParams): IdentityProvider | undefined {
  if (namesForeigner(query)) {
    return namedProvider(pool, client, {
      name: query.get('identity_provider'),
      identifier: query.get('idp_identifier'),
    })
  }
  const [only, ...others] = hasOwnUsers(client) ? [] : providersOf(pool, client)
  return others.length === 0 ? only : undefined
}

/** `https://…`, `http://localhost…` or a custom scheme (developer guide, "Resource binding"). */
function isResource(resource: string | null): boolean {
  if (resource === null) return true
  const shape = /^(https:\/\/[^/]|http:\/\/localhost([:/?]|$)|(?!https?:)[a-z][a-z\d+.-]*:\/\/.)/i
  return shape.test(resource) && URL.canParse(resource) && !resource.includes('#')
}

/** Cognito takes no JSON for a state: it is to be encoded (developer guide, "Authorize endpoint"). */
function isJsonObject(state: string | null): boolean {
  if (state === null || !/^\s*[{[]/.test(state)) return false
  try {
    return typeof JSON.parse(state) === 'object'
  } catch {
    return false
  }
}

function words(text: string | null): string[] {
  return (text ?? '').split(' ').filter(Boolean)
}
