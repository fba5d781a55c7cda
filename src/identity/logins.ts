import { CredentialsError } from '../errors.ts'
import { unverifiedPayload } from '../lib/unverified.ts'

/**
 * Names of the public identity providers, as an identity pool knows them. Others are named by what they are there: a user
 * pool by `userPool.loginsKey`, an OpenID provider by its issuer without `https://`, a SAML provider by its ARN.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/external-identity-providers.html
 */
export const loginProviders = Object.freeze({
  facebook: 'graph.facebook.com',
  google: 'accounts.google.com',
  amazon: 'www.amazon.com',
  apple: 'appleid.apple.com',
  twitter: 'api.twitter.com',
  digits: 'www.digits.com',
})

/** A token of an identity provider, or a function that gives one that is still good. */
export type Login = string | (() => string | Promise<string>)

/**
 * Identity providers and the tokens that prove the user's logins there. Several at once are linked to one identity.
 * Which kind of token: ID tokens of user pools, Google, Apple and OpenID providers; access tokens of Facebook and Login
 * with Amazon; `token;secret` of Twitter; the assertion, in Base64, of SAML providers.
 */
export type Logins = Readonly<Record<string, Login>>

/** {@link Logins} at the moment of a call. */
export type Tokens = Readonly<Record<string, string>>

/** The quota of one call to the service. */
const MAX_LOGINS = 10

/**
 * Throws {@link CredentialsError} (`no_identity`) unless there is a login: whoever brings none is nobody, and never by
 * accident a guest.
 */
export function assertLogins(logins: unknown): asserts logins is Logins {
  providersOf(logins)
  for (const [provider, login] of Object.entries(logins as Logins))
    if (typeof login !== 'function') assertToken(provider, login)
}

/**
 * The providers of logins whose tokens are looked at when they are sent, and not before: to take one apart costs more than all the
 * rest of a call that finds its credentials in the cache. Throws {@link CredentialsError} for none.
 */
export function providersOf(logins: unknown): string[] {
  const providers = isRecord(logins) ? Object.keys(logins) : []
  if (providers.length === 0)
    throw new CredentialsError(
      'no_identity',
      'No logins, no credentials: pass { [userPool.loginsKey]: idToken }, or ask for a guest by name.',
    )
  if (providers.length > MAX_LOGINS)
    throw new CredentialsError('no_identity', `An identity pool takes at most ${MAX_LOGINS} logins at once.`)
  return providers
}

/** The tokens of the logins, now. Rejects with {@link CredentialsError}, or with what a function of the app threw. */
export async function tokensOf(logins: Logins): Promise<Tokens> {
  const entries = Object.entries(logins).map(async ([provider, login]) => {
    const token: unknown = typeof login === 'function' ? await login() : login
    assertToken(provider, token)
    return [provider, token] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** Whether every login is a plain token, so that nothing of the app needs to be asked. */
export function areTokens(logins: Logins): logins is Tokens {
  return Object.values(logins).every((login) => typeof login === 'string')
}

function assertToken(provider: string, token: unknown): asserts token is string {
  if (typeof token !== 'string' || token === '')
    throw new CredentialsError('no_identity', `The login of "${provider}" must be a token.`)
  if (provider.startsWith('cognito-idp.') && unverifiedPayload(token)['token_use'] === 'access')
    throw new CredentialsError(
      'access_token_only',
      `Identity pools take ID tokens, and the login of "${provider}" is an access token.`,
    )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
