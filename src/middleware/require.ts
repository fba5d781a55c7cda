import { ConfigurationError, UnauthenticatedError } from '../errors.ts'
import { assertKnownOptions, optionalText } from '../lib/assert.ts'
import { assertGroups, assertScopes } from '../user-pool/claims.ts'
import { deny } from './deny.ts'
import { type Handler, handler, type Request } from './handler.ts'
import type { CognitoAuth } from './request.ts'
import { endedBecause } from './signed-in.ts'

/** What `requireAuth()` takes. */
export interface RequireAuthOptions {
  /**
   * The app's sign-in route. Pages are redirected there with `returnTo`; everything else gets 401 as JSON all
   * the same.
   */
  loginURL?: string | undefined
}

/** Lets through callers that `session()` or `bearer()` recognised. Others get 401, or are sent to sign in. */
export function requireAuth(options: RequireAuthOptions = {}): Handler {
  assertKnownOptions('requireAuth', options, ['loginURL'])
  const loginURL = optionalText('requireAuth', 'loginURL', options['loginURL'], '"/login"')
  if (
    loginURL !== undefined &&
    !/^(\/(?![/\\])|https:\/\/|http:\/\/(localhost|127\.|\[::1\]))/.test(loginURL)
  ) {
    throw new ConfigurationError(
      'requireAuth: "loginURL" must be a path of the app or an https URL, for example "/login".',
    )
  }
  return guard(() => undefined, loginURL)
}

/**
 * Lets through callers in at least one of the groups. A recognised caller in none gets 403, never a sign-in
 * page.
 */
export function requireGroups(...groups: string[]): Handler {
  assertNames('requireGroups', groups, '"admin"')
  return guard((auth) => assertGroups(auth.groups, groups))
}

/**
 * Lets through callers whose access token carries every one of the scopes. Others get 403 with the scopes named
 * (RFC 6750 §3.1).
 */
export function requireScopes(...scopes: string[]): Handler {
  assertNames('requireScopes', scopes, '"orders/read"')
  return guard((auth) => assertScopes(auth.scopes, scopes))
}

/** A guard is one line over a pure check, which throws. */
function guard(check: (auth: CognitoAuth) => void, loginURL?: string): Handler {
  // Async, so that what `deny` hands on goes to `next` in Express 4 as in Express 5.
  return handler(async (req, res) => {
    try {
      check(recognised(req))
      return 'next'
    } catch (error) {
      return deny(error, req, res, loginURL)
    }
  })
}

function recognised(req: Request): CognitoAuth {
  if (req.cognito) return req.cognito
  throw endedBecause(req) ?? new UnauthenticatedError()
}

function assertNames(owner: string, names: readonly unknown[], example: string): void {
  const valid =
    names.length > 0 && names.every((name) => typeof name === 'string' && /^[^\s"\\]+$/.test(name))
  if (!valid)
    throw new ConfigurationError(`${owner} takes one or more names, without spaces: ${owner}(${example}).`)
}
