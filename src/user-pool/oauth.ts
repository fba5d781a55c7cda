import type { Configuration, TokenEndpointResponse } from 'openid-client'
import { CallbackError, ConfigurationError, SessionEndedError, UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import type { Fetch } from '../lib/limited-fetch.ts'
import { scopeText, type UserPoolConfiguration } from './options.ts'
import { areTokens, type Tokens, tokensFromOAuth } from './tokens.ts'

/** What one trip to the managed login needs. The secrets are made anew for each. */
export interface AuthorizationRequest {
  /** Where Cognito sends the browser back to, exactly as registered for the app client. */
  callbackURL: string
  state: string
  nonce: string
  /** The PKCE secret; only its SHA-256 travels (RFC 7636 §4.2, S256). */
  codeVerifier: string
  /** Overrides the pool's scopes. */
  scope?: string | readonly string[] | undefined
  /** Skips the login page: `COGNITO`, `Google`, `Facebook`, or the name of a SAML or OIDC provider. */
  identityProvider?: string | undefined
  /** Chooses a SAML or OIDC provider by its identifier, often an e-mail domain. */
  idpIdentifier?: string | undefined
  /** Language of the login page, for example `ja`. */
  lang?: string | undefined
  /** Fills in the user name. */
  loginHint?: string | undefined
  /** `none`, `login`, `select_account`, `consent`. */
  prompt?: string | undefined
}

/** openid-client is loaded at the first sign-in or refresh: who only verifies bearer tokens does not pay for it. */
const loadOpenidClient = () => import('openid-client')

/** The pool's managed-login address. Throws {@link ConfigurationError} when none was configured. */
export function requireDomain({ domain }: UserPoolConfiguration): URL {
  if (domain) return domain
  throw new ConfigurationError(
    'UserPool needs the option "domain" for this, for example "https://auth.example.com".',
  )
}

/** The authorize endpoint with all parameters (Cognito's /oauth2/authorize). */
export async function authorizationUrl(
  pool: UserPoolConfiguration,
  request: AuthorizationRequest,
): Promise<URL> {
  const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await loadOpenidClient()
  const { callbackURL, state, nonce, codeVerifier } = request
  const wanted = { state, nonce, code_challenge: await calculatePKCECodeChallenge(codeVerifier) }
  const optional = {
    identity_provider: request.identityProvider,
    idp_identifier: request.idpIdentifier,
    lang: request.lang,
    login_hint: request.loginHint,
    prompt: request.prompt,
  }
  return buildAuthorizationUrl(await connect(pool), {
    redirect_uri: callbackURL,
    scope: request.scope === undefined ? pool.scope : scopeText(request.scope),
    ...wanted,
    code_challenge_method: 'S256',
    ...Object.fromEntries(
      Object.entries(optional).filter((entry): entry is [string, string] => Boolean(entry[1])),
    ),
  })
}

/**
 * Redeems an authorization code, once (Cognito's /oauth2/token). The tokens are complete but not verified yet.
 * Throws {@link CallbackError} or {@link UnavailableError}.
 */
export async function redeemCode(
  pool: UserPoolConfiguration,
  { callbackURL, code, codeVerifier }: { callbackURL: string; code: string; codeVerifier: string },
): Promise<Tokens> {
  requireDomain(pool)
  const oidc = await loadOpenidClient()
  const url = new URL(callbackURL)
  url.searchParams.set('code', code)
  const tokens = await requestTokens(pool, (config) =>
    // The state was compared when the transaction was taken, so it is left out here.
    oidc.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: codeVerifier,
    }),
  ).catch((error: unknown) => {
    throw exchangeError(classify(error), error)
  })
  if (!areTokens(tokens)) throw new CallbackError('token_response_invalid')
  return tokens
}

function exchangeError(failure: Failure, error: unknown): Error {
  const cause = summarise(error)
  if (failure === 'unavailable')
    return new UnavailableError('The token endpoint could not be reached.', cause)
  const reasons = {
    grant: 'code_refused',
    client: 'client_refused',
    response: 'token_response_invalid',
  } as const
  return new CallbackError(reasons[failure], cause)
}

/**
 * Trades the refresh token for new tokens (Cognito's /oauth2/token). What Cognito does not repeat is kept. Not verified yet.
 * Throws {@link SessionEndedError} when Cognito refuses the refresh token, and only then; otherwise {@link UnavailableError}.
 */
export async function redeemRefreshToken(pool: UserPoolConfiguration, tokens: Tokens): Promise<Tokens> {
  const { refreshToken } = tokens
  if (refreshToken === undefined)
    throw new SessionEndedError('The tokens have expired and there is no refresh token.')
  requireDomain(pool)
  const oidc = await loadOpenidClient()
  const refreshed = await requestTokens(
    pool,
    (config) => oidc.refreshTokenGrant(config, refreshToken),
    tokens,
  ).catch((error: unknown) => {
    throw refreshError(classify(error), error)
  })
  if (!areTokens(refreshed)) throw new UnavailableError('The token endpoint returned no tokens.')
  return refreshed
}

function refreshError(failure: Failure, error: unknown): Error {
  const cause = summarise(error)
  if (failure === 'grant') return new SessionEndedError(undefined, cause)
  // A wrong client secret is the operator's fault; nobody is signed out for it.
  if (failure === 'client')
    return new ConfigurationError('Cognito refused the app client. Check "clientId" and "clientSecret".')
  return new UnavailableError('The tokens could not be refreshed.', cause)
}

/** Ends the refresh token and all tokens of its sign-in (RFC 7009; Cognito's /oauth2/revoke). Rejects with {@link UnavailableError}. */
export async function revokeRefreshToken(pool: UserPoolConfiguration, refreshToken: string): Promise<void> {
  const { tokenRevocation } = await loadOpenidClient()
  await tokenRevocation(await connect(pool), refreshToken).catch((error: unknown) => {
    throw new UnavailableError('The refresh token could not be revoked.', summarise(error))
  })
}

/** Cognito's /logout takes `client_id` and `logout_uri`; the parameters of OIDC's RP-initiated logout mean nothing to it. */
export function logoutUrl(pool: UserPoolConfiguration, returnTo: string): URL {
  const url = endpoint(pool, '/logout')
  url.search = new URLSearchParams({ client_id: pool.clientId, logout_uri: returnTo }).toString()
  return url
}

function endpoint(pool: UserPoolConfiguration, path: string): URL {
  const domain = requireDomain(pool)
  return new URL(domain.href.replace(/\/$/, '') + path)
}

async function connect(pool: UserPoolConfiguration, fetch: Fetch = pool.fetch): Promise<Configuration> {
  const oidc = await loadOpenidClient()
  const server = {
    issuer: pool.issuer,
    authorization_endpoint: endpoint(pool, '/oauth2/authorize').href,
    token_endpoint: endpoint(pool, '/oauth2/token').href,
    revocation_endpoint: endpoint(pool, '/oauth2/revoke').href,
  }
  const authentication =
    pool.clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(pool.clientSecret)
  const config = new oidc.Configuration(server, pool.clientId, {}, authentication)
  config[oidc.customFetch] = (url, init) => fetch(url, init as RequestInit)
  // Only loopback addresses get past the constructor with plain http.

  if (requireDomain(pool).protocol === 'http:') oidc.allowInsecureRequests(config)
  return config
}

/**
 * Runs a grant. The ID token is kept from openid-client, which knows one issuer per server where Cognito signs with either of two, and does not
 * check the signature; the caller hands it to `verify`. `expires_in` goes too: the tokens' own `exp` counts.
 */
async function requestTokens(
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

/** What a failed exchange means: the grant or the client was refused, the answer is wrong, or nothing can be said now. */
type Failure = 'grant' | 'client' | 'response' | 'unavailable'

function classify(error: unknown): Failure {
  const {
    name,
    code,
    error: oauthError,
    status,
  } = error as { name?: string; code?: string; error?: string; status?: number }
  if (name === 'WWWAuthenticateChallengeError') return 'client'
  if (name === 'ResponseBodyError') {
    if (oauthError === 'invalid_grant') return 'grant'
    const passing =
      (status ?? 500) >= 500 ||
      status === 429 ||
      oauthError === 'server_error' ||
      oauthError === 'temporarily_unavailable'
    return passing ? 'unavailable' : 'client'
  }
  return code === 'OAUTH_INVALID_RESPONSE' || code === 'OAUTH_UNSUPPORTED_OPERATION'
    ? 'response'
    : 'unavailable'
}
