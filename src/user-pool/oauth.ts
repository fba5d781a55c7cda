import { CallbackError, ConfigurationError, SessionEndedError, UnavailableError } from '../errors.ts'
import { requireText } from '../lib/assert.ts'
import { summarise } from '../lib/cause.ts'
import { connect, endpoint, loadOpenidClient, requireDomain } from './oauth-client.ts'
import { scopeText, type UserPoolConfiguration } from './options.ts'
import { classify, type Failure, requestTokens } from './token-endpoint.ts'
import { areTokens, type Tokens } from './tokens.ts'

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

/** The authorize endpoint with all parameters (Cognito's /oauth2/authorize). */
export async function authorizationUrl(
  pool: UserPoolConfiguration,
  request: AuthorizationRequest,
): Promise<URL> {
  const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await loadOpenidClient()
  const { callbackURL, state, nonce, codeVerifier } = request
  for (const [name, value] of Object.entries({ callbackURL, state, nonce, codeVerifier })) {
    requireText('authorizationUrl', name, value, 'a fresh random text for each sign-in')
  }
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
  pool.clock.compare(tokens.idToken)
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
 * Trades the refresh token for new tokens (Cognito's /oauth2/token). What Cognito does not repeat is kept. Not
 * verified yet. Throws {@link SessionEndedError} when Cognito refuses the refresh token, and only then;
 * otherwise {@link UnavailableError}.
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

/**
 * Ends the refresh token and all tokens of its sign-in (RFC 7009; Cognito's /oauth2/revoke). Rejects with
 * {@link UnavailableError}.
 */
export async function revokeRefreshToken(pool: UserPoolConfiguration, refreshToken: string): Promise<void> {
  const { tokenRevocation } = await loadOpenidClient()
  await tokenRevocation(await connect(pool), refreshToken).catch((error: unknown) => {
    throw new UnavailableError('The refresh token could not be revoked.', summarise(error))
  })
}

/**
 * Cognito's /logout takes `client_id` and `logout_uri`; the parameters of OIDC's RP-initiated logout mean
 * nothing to it.
 */
export function logoutUrl(pool: UserPoolConfiguration, returnTo: string): URL {
  const url = endpoint(pool, '/logout')
  url.search = new URLSearchParams({ client_id: pool.clientId, logout_uri: returnTo }).toString()
  return url
}
