import { callbackReasons } from './errors/callback-reasons.ts'
import { signInReasons } from './errors/sign-in-reasons.ts'

/** The closed set of codes; switch on `error.code`. */
export type CognitoErrorCode =
  | 'ERR_COGNITO_CONFIGURATION'
  | 'ERR_COGNITO_UNAUTHENTICATED'
  | 'ERR_COGNITO_INVALID_REQUEST'
  | 'ERR_COGNITO_INVALID_TOKEN'
  | 'ERR_COGNITO_FORBIDDEN'
  | 'ERR_COGNITO_CALLBACK'
  | 'ERR_COGNITO_SIGN_IN'
  | 'ERR_COGNITO_SESSION_ENDED'
  | 'ERR_COGNITO_CREDENTIALS'
  | 'ERR_COGNITO_UNAVAILABLE'

interface Answer {
  status: number
  /** Fixed text that any client may read. */
  publicMessage: string
  headers?: Record<string, string>
  cause?: unknown
}

const challenge = (parameters = '') => ({ 'WWW-Authenticate': `Bearer realm="cognito"${parameters}` })

/**
 * Every error of this package, with its own HTTP answer in the form that Express' default handler reads.
 * `message` is for the developer and holds no secret; `publicMessage` is the fixed text for clients.
 */
export abstract class CognitoError extends Error {
  abstract readonly code: CognitoErrorCode
  readonly status: number
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly expose: boolean
  readonly publicMessage: string

  constructor(message: string, { status, publicMessage, headers = {}, cause }: Answer) {
    super(message, cause === undefined ? undefined : { cause })
    this.status = status
    this.statusCode = status
    this.headers = headers
    this.expose = status < 500
    this.publicMessage = publicMessage
  }
}

/**
 * A wrong option or a missing middleware: the developer acts. Thrown at construction, or at the first use that
 * shows it.
 */
export class ConfigurationError extends CognitoError {
  override readonly name = 'ConfigurationError'
  readonly code = 'ERR_COGNITO_CONFIGURATION'

  constructor(message: string) {
    super(message, { status: 500, publicMessage: 'The server is not set up correctly.' })
  }
}

/** Nobody is signed in and no token came. The bare challenge carries no error code (RFC 6750 §3.1). */
export class UnauthenticatedError extends CognitoError {
  override readonly name = 'UnauthenticatedError'
  readonly code = 'ERR_COGNITO_UNAUTHENTICATED'

  constructor(message = 'Nobody is signed in and the request carries no bearer token.') {
    super(message, { status: 401, publicMessage: 'Sign in to continue.', headers: challenge() })
  }
}

/** The `Authorization` header is malformed (RFC 6750 §3.1, `invalid_request`). */
export class InvalidRequestError extends CognitoError {
  override readonly name = 'InvalidRequestError'
  readonly code = 'ERR_COGNITO_INVALID_REQUEST'

  constructor(message: string) {
    super(message, {
      status: 400,
      publicMessage: 'The Authorization header is malformed.',
      headers: challenge(', error="invalid_request"'),
    })
  }
}

/** Which check a token failed. */
export type InvalidTokenReason =
  | 'malformed'
  | 'algorithm'
  | 'unknown_key'
  | 'signature'
  | 'issuer'
  | 'expired'
  | 'not_yet_valid'
  | 'token_use'
  | 'client'
  | 'claims'
  | 'nonce'
  | 'revoked'
  | 'stale'

/** A token that is expired, altered, or made for another pool, client or use (RFC 6750 §3.1). */
export class InvalidTokenError extends CognitoError {
  override readonly name = 'InvalidTokenError'
  readonly code = 'ERR_COGNITO_INVALID_TOKEN'
  readonly reason: InvalidTokenReason

  constructor(reason: InvalidTokenReason, message: string, cause?: unknown) {
    super(message, {
      status: 401,
      publicMessage: 'The token is not valid.',
      headers: challenge(', error="invalid_token", error_description="The token is not valid"'),
      cause,
    })
    this.reason = reason
  }
}

/** The caller is known but lacks a group or a scope. Scopes are named in the challenge (RFC 6750 §3.1). */
export class ForbiddenError extends CognitoError {
  override readonly name = 'ForbiddenError'
  readonly code = 'ERR_COGNITO_FORBIDDEN'

  constructor(message: string, { scope }: { scope?: readonly string[] | undefined } = {}) {
    super(message, {
      status: 403,
      publicMessage: 'You are not allowed to do this.',
      headers: scope ? challenge(`, error="insufficient_scope", scope="${scope.join(' ')}"`) : {},
    })
  }
}

/** The closed list of reasons of a {@link CallbackError}. */
export type CallbackErrorReason = keyof typeof callbackReasons

/** A browser sign-in that did not finish. `hint` is for the developer, `publicMessage` for the browser. */
export class CallbackError extends CognitoError {
  override readonly name = 'CallbackError'
  readonly code = 'ERR_COGNITO_CALLBACK'
  readonly reason: CallbackErrorReason
  readonly hint: string

  constructor(reason: CallbackErrorReason, cause?: unknown) {
    const [status, hint] = callbackReasons[reason]
    super(`Sign-in did not finish (${reason}). ${hint}`, {
      status,
      publicMessage: 'Sign-in did not finish. Please try again.',
      cause,
    })
    this.reason = reason
    this.hint = hint
  }
}

/** Why a direct sign-in, an answer to a challenge or a call about an account was refused: mostly Cognito's own exception name. */
export type SignInErrorReason = keyof typeof signInReasons

/**
 * Cognito refused a direct sign-in, an answer to its challenge, or a call about the account. Switch on `reason`; the
 * message holds Cognito's own words for the developer, and the browser gets `publicMessage`, the same for an unknown
 * user and a wrong password. 429 says when to try again (`Retry-After`, in seconds).
 */
export class SignInError extends CognitoError {
  override readonly name = 'SignInError'
  readonly code = 'ERR_COGNITO_SIGN_IN'
  readonly reason: SignInErrorReason

  constructor(reason: SignInErrorReason, message: string, cause?: unknown) {
    const [status, publicMessage] = signInReasons[reason]
    super(message, {
      status,
      publicMessage,
      ...(status === 429 && { headers: { 'Retry-After': '30' } }),
      cause,
    })
    this.reason = reason
  }
}

/** Cognito refused the refresh token, or the user signed out: the user signs in again. */
export class SessionEndedError extends CognitoError {
  override readonly name = 'SessionEndedError'
  readonly code = 'ERR_COGNITO_SESSION_ENDED'

  constructor(
    message = 'The sign-in has ended: Cognito no longer accepts its refresh token.',
    cause?: unknown,
  ) {
    super(message, {
      status: 401,
      publicMessage: 'Your sign-in has ended. Sign in again.',
      headers: challenge(),
      cause,
    })
  }
}

/** Why no AWS credentials could be given. */
export type CredentialsErrorReason =
  | 'no_identity'
  | 'access_token_only'
  | 'role_not_allowed'
  | 'identity_not_found'
  | 'refused'
  | 'misconfigured'

/** The identity pool refuses this user (403), or is misconfigured or missing (500). */
export class CredentialsError extends CognitoError {
  override readonly name = 'CredentialsError'
  readonly code = 'ERR_COGNITO_CREDENTIALS'
  readonly reason: CredentialsErrorReason

  constructor(reason: CredentialsErrorReason, message: string, cause?: unknown) {
    const status = reason === 'misconfigured' ? 500 : 403
    super(message, { status, publicMessage: 'No AWS credentials for this user.', cause })
    this.reason = reason
  }
}

/**
 * Network, throttling, JWKS or a store: nobody's fault, try again. Never signs anyone out. `Retry-After` is in
 * seconds.
 */
export class UnavailableError extends CognitoError {
  override readonly name = 'UnavailableError'
  readonly code = 'ERR_COGNITO_UNAVAILABLE'

  constructor(
    message: string,
    cause?: unknown,
    { retryAfterSeconds = 5 }: { retryAfterSeconds?: number } = {},
  ) {
    super(message, {
      status: 503,
      publicMessage: 'The service is not available right now. Please try again.',
      headers: { 'Retry-After': String(retryAfterSeconds) },
      cause,
    })
  }
}
