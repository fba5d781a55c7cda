import { hash } from 'node:crypto'
import { ConfigurationError } from '../errors.ts'
import { redacted } from '../lib/redacted.ts'
import type { SignInHandle } from './sign-in-handle.ts'

/**
 * The tokens of one sign-in, raw. Inspected, they show `[redacted]`; as JSON they are whole, so that a session
 * store can keep them.
 */
export interface Tokens {
  idToken: string
  accessToken: string
  /** Absent when the app client or flow gives none. */
  refreshToken?: string
  /** The device that the refresh token is bound to, when device tracking is on. */
  deviceKey?: string
  /** `api` for a direct sign-in: such tokens are refreshed and revoked there, not at the managed login. */
  obtainedBy?: 'api'
  /** Where they are kept, with a pool that has a shared store; as JSON this is all that shows of them. */
  signIn?: SignInHandle
}

/**
 * Tokens in the form of the token endpoint (RFC 6749 §5.1), `previous` filling in what a refresh does not
 * repeat.
 */
export function tokensFromOAuth(
  response: { id_token?: unknown; access_token?: unknown; refresh_token?: unknown },
  previous?: Tokens,
): Partial<Tokens> {
  return redacted({
    ...previous,
    ...text('idToken', response.id_token),
    ...text('accessToken', response.access_token),
    ...text('refreshToken', response.refresh_token),
  })
}

/**
 * Tokens in the form of the JSON API (`AuthenticationResult`), `previous` filling in what a refresh does not repeat.
 */
export function tokensFromApi(
  result: { IdToken?: unknown; AccessToken?: unknown; RefreshToken?: unknown },
  previous?: Partial<Tokens>,
): Partial<Tokens> {
  return redacted({
    ...previous,
    ...text('idToken', result.IdToken),
    ...text('accessToken', result.AccessToken),
    ...text('refreshToken', result.RefreshToken),
    obtainedBy: 'api' as const,
  })
}

function text<Name extends keyof Tokens>(name: Name, value: unknown): Partial<Record<Name, string>> {
  return typeof value === 'string' && value !== '' ? ({ [name]: value } as Record<Name, string>) : {}
}

/** Narrows what came back from a store or an endpoint: an ID token and an access token at least. */
export function areTokens(value: unknown): value is Tokens {
  if (typeof value !== 'object' || value === null) return false
  const { idToken, accessToken, refreshToken } = value as Partial<Record<keyof Tokens, unknown>>
  return (
    typeof idToken === 'string' &&
    typeof accessToken === 'string' &&
    (refreshToken === undefined || typeof refreshToken === 'string')
  )
}

/**
 * Throws {@link ConfigurationError} for what is not even an object, or holds a refresh token that is none: tokens that
 * the app lost on the way. What is in them is the business of whoever verifies them.
 */
export function assertTokens(owner: string, value: unknown): void {
  const { refreshToken } = (value ?? {}) as { refreshToken?: unknown }
  if (typeof value === 'object' && value !== null && ['string', 'undefined'].includes(typeof refreshToken))
    return
  throw new ConfigurationError(
    `${owner} takes the tokens of a sign-in: { idToken, accessToken, refreshToken }.`,
  )
}

/**
 * Names the sign-in that tokens belong to, without holding a token. Without a refresh token the ID token stands
 * for it: it cannot outlive it.
 */
export function signInId({ refreshToken, idToken }: Tokens): string {
  return hash('sha256', refreshToken ?? idToken, 'base64url')
}
