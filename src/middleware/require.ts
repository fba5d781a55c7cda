import type { IncomingMessage } from 'node:http'
import { ConfigurationError, ForbiddenError, UnauthenticatedError, UnavailableError } from '../errors.ts'
import { assertKnownOptions, assertOptionalFunction, isLoopback, optionalText } from '../lib/assert.ts'
import { assertGroups, assertScopes } from '../user-pool/claims.ts'
import { within } from '../lib/within.ts'
import { deny, type DeniedEvent } from './deny.ts'
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
  /**
   * The app's own condition: who does not meet it gets 403. What it throws goes to the error handler; no answer within
   * five seconds is a 503.
   */
  check?:
    ((auth: CognitoAuth, req: IncomingMessage & Express.Request) => boolean | Promise<boolean>) | undefined
}

/** A request does not wait longer for the app's own check, in milliseconds. */
const CHECK_LIMIT_MS = 5_000

/** Conditions on groups, each of which must hold. */
export interface GroupConditions {
  /** In every one of these. */
  all?: readonly string[] | undefined
  /** In at least one of these. */
  any?: readonly string[] | undefined
  /** In none of these. */
  none?: readonly string[] | undefined
}

/** Lets through callers that `session()` or `bearer()` recognised. Others get 401, or are sent to sign in. */
export function requireAuth(options: RequireAuthOptions = {}): Handler {
  assertKnownOptions('requireAuth', options, ['loginURL', 'check'])
  const { check } = options as RequireAuthOptions
  assertOptionalFunction('requireAuth', 'check', check)
  const loginURL = optionalText('requireAuth', 'loginURL', options['loginURL'], '"/login"')
  if (loginURL !== undefined && !isLoginUrl(loginURL)) {
    throw new ConfigurationError(
      'requireAuth: "loginURL" must be a path of the app or an https URL, for example "/login".',
    )
  }
  return guard('requireAuth', (auth, req) => check && assertAnswer(check, auth, req), loginURL)
}

async function assertAnswer(
  check: NonNullable<RequireAuthOptions['check']>,
  auth: CognitoAuth,
  req: Request,
): Promise<void> {
  if (await answerOf(check(auth, req as object as IncomingMessage & Express.Request))) return
  throw new ForbiddenError('The check of requireAuth() refused the caller.')
}

/**
 * Lets through callers in at least one of the groups: `requireGroups('admin', 'staff')`. Or by conditions:
 * `requireGroups({ all: ['staff'], none: ['suspended'] })`. A recognised caller who does not meet them gets
 * 403, never a sign-in page.
 */
export function requireGroups(...groups: string[] | [GroupConditions]): Handler {
  const [first] = groups
  // Names beside conditions are refused below; ignored, they would be a check that never happens.
  if (typeof first === 'object' && !Array.isArray(first) && groups.length === 1) return guardGroups(first)
  assertNames('requireGroups', groups, '"admin"')
  return guard('requireGroups', (auth) => assertGroups(auth.groups, groups as string[]))
}

function guardGroups(conditions: GroupConditions): Handler {
  assertKnownOptions('requireGroups', conditions, ['all', 'any', 'none'])
  // Copies: lists that the app changes later must not change who gets in.
  const copy = <T>(names: T): T => (Array.isArray(names) ? ([...names] as T) : names)
  const lists = conditions as GroupConditions
  const [all, any, none] = [copy(lists.all), copy(lists.any), copy(lists.none)]
  const given = [all, any, none].filter((names) => names !== undefined)
  if (given.length === 0) throw new ConfigurationError('requireGroups takes groups, or { all, any, none }.')
  for (const names of given) assertNames('requireGroups', names, '{ any: ["admin"] }')
  return guard('requireGroups', ({ groups }) => {
    const isIn = (name: string) => groups.includes(name)
    const met = (all?.every(isIn) ?? true) && (any?.some(isIn) ?? true) && !none?.some(isIn)
    if (!met)
      throw new ForbiddenError('The groups of the user do not meet the conditions of requireGroups().')
  })
}

/**
 * Lets through callers whose access token carries every one of the scopes. Others get 403 with the scopes named
 * (RFC 6750 §3.1).
 */
export function requireScopes(...scopes: string[]): Handler {
  assertNames('requireScopes', scopes, '"orders/read"')
  return guard('requireScopes', (auth) => assertScopes(auth.scopes, scopes))
}

async function answerOf(answer: boolean | Promise<boolean>): Promise<boolean> {
  if (typeof answer === 'boolean') return answer
  const late = () => new UnavailableError('The check of requireAuth() did not answer in time.')
  return within(Promise.resolve(answer), CHECK_LIMIT_MS, late)
}

/** A path of the app, or an absolute URL: https, or http on this machine. */
function isLoginUrl(text: string): boolean {
  if (text.startsWith('/')) return !/^\/[/\\]/.test(text)
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}

/** A guard is one line over a check, which throws or rejects. */
function guard(
  by: DeniedEvent['by'],
  check: (auth: CognitoAuth, req: Request) => Promise<void> | void,
  loginURL?: string,
): Handler {
  return handler((req, res) => {
    const refused = (error: unknown) => deny(error, req, res, { by, loginURL })
    try {
      const checking = check(recognised(req), req)
      return checking ? checking.then(() => 'next', refused) : 'next'
    } catch (error) {
      return refused(error)
    }
  })
}

function recognised(req: Request): CognitoAuth {
  if (req.cognito) return req.cognito
  throw endedBecause(req) ?? new UnauthenticatedError()
}

function assertNames(owner: string, names: unknown, example: string): void {
  const isName = (name: unknown) => typeof name === 'string' && /^[^\s"\\]+$/.test(name)
  if (!Array.isArray(names) || names.length === 0 || !names.every(isName)) {
    throw new ConfigurationError(`${owner} takes one or more names, without spaces: ${owner}(${example}).`)
  }
}
