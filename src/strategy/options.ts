import type { IncomingMessage } from 'node:http'
import { ConfigurationError } from '../errors.ts'
import {
  assertInstance,
  assertKnownOptions,
  assertOptionalFunction,
  optionalText,
  requireUrl,
} from '../lib/assert.ts'
import type { AuthorizationRequest } from '../user-pool/oauth.ts'
import { scopeText } from '../user-pool/options.ts'
import type { CognitoUser } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { Exchanges } from './exchanges.ts'
import { safeReturnTo } from './return-to.ts'

/** Passport's `done` of a verify callback. */
export type VerifyDone = (error: unknown, user?: unknown, info?: unknown) => void

/** Written as a method, so that the app may declare `req` as its own Express request. */
interface VerifyMethod {
  verify(user: CognitoUser, req: IncomingMessage & Express.Request, done: VerifyDone): unknown
}

/**
 * The app's own word on a verified user: gives what becomes `req.user`, or `false` to refuse. Either a function
 * of two parameters that returns the user or a promise of it, or one of three that calls `done`. What it gives
 * must keep `tokens`, or the session cannot use them.
 */
export type VerifyCallback = VerifyMethod['verify']

/** What `new CognitoStrategy()` takes. */
export interface CognitoStrategyOptions {
  userPool: UserPool
  /** The absolute URL of the callback route, exactly as registered for the app client. */
  callbackURL: string
  /** The name in `passport.authenticate(name)`. Default `cognito`. */
  name?: string | undefined
  /** Where a callback that is opened again leads, and what an unsafe `returnTo` becomes. Default `/`. */
  defaultReturnTo?: string | undefined
  /** The app's sign-out route, which nobody is sent back to after sign-in. Default `/logout`. */
  logoutPath?: string | undefined
  verify?: VerifyCallback | undefined
}

/** What `passport.authenticate('cognito', { … })` takes for one route, beside Passport's own options. */
export type CognitoAuthenticateOptions = Pick<
  AuthorizationRequest,
  'identityProvider' | 'idpIdentifier' | 'lang' | 'loginHint' | 'prompt'
> & {
  /** Overrides the pool's scopes. */
  scope?: string | string[] | undefined
  /** Where to go after sign-in, when the request's query names no `returnTo`. */
  returnTo?: string | undefined
}

/* eslint-disable @typescript-eslint/ban-ts-comment, @typescript-eslint/no-empty-object-type -- as the next line says; merging needs an interface */
/** @ts-ignore -- only who signs browsers in has Passport and its types; for others this declares nothing. */
declare module 'passport' {
  interface AuthenticateOptions extends Omit<CognitoAuthenticateOptions, 'scope'> {}
}
/* eslint-enable @typescript-eslint/ban-ts-comment, @typescript-eslint/no-empty-object-type */

/** The checked options of a strategy. */
export interface StrategyConfiguration {
  userPool: UserPool
  callbackURL: string
  origin: string
  callbackPath: string
  name: string
  defaultReturnTo: string
  logoutPath: string
  verify: VerifyCallback | undefined
  /** What a transaction is bound to. */
  audience: string
  exchanges: Exchanges
}

const known = ['userPool', 'callbackURL', 'name', 'defaultReturnTo', 'logoutPath', 'verify'] as const
const owner = 'CognitoStrategy'

/** Throws {@link ConfigurationError} naming the option. */
export function configureStrategy(options: CognitoStrategyOptions): StrategyConfiguration {
  assertKnownOptions(owner, options, known)
  assertInstance(owner, 'userPool', options.userPool, 'UserPool')
  options.userPool.assertDomain()
  assertOptionalFunction(owner, 'verify', options.verify)
  const callback = callbackUrl(options.callbackURL)
  const { userPool, verify } = options
  return Object.freeze({
    userPool,
    callbackURL: callback.href,
    origin: callback.origin,
    callbackPath: callback.pathname,
    name: optionalText(owner, 'name', options.name, '"cognito"') ?? 'cognito',
    defaultReturnTo: defaultReturnTo(options.defaultReturnTo, callback),
    logoutPath: logoutPath(options.logoutPath),
    verify,
    audience: `${userPool.issuer} ${userPool.clientId} ${callback.href}`,
    exchanges: new Exchanges(),
  })
}

/**
 * Cognito compares redirect URIs as strings, so the one form that is also sent to the token endpoint is
 * demanded.
 */
function callbackUrl(value: unknown): URL {
  const url = requireUrl(owner, 'callbackURL', value, '"https://app.example.com/callback"')
  if (url.search !== '' || url.href !== value) {
    throw new ConfigurationError(
      `${owner}: "callbackURL" must be written as the browser writes it, without a query: "${url.origin}${url.pathname}".`,
    )
  }
  return url
}

function defaultReturnTo(value: unknown, callback: URL): string {
  if (value === undefined) return '/'
  const path = safeReturnTo(value, callback.origin, [callback.pathname])
  if (path === undefined)
    throw new ConfigurationError(`${owner}: "defaultReturnTo" must be a path of the app, for example "/".`)
  return path
}

function logoutPath(value: unknown): string {
  const path = optionalText(owner, 'logoutPath', value, '"/logout"') ?? '/logout'
  if (path.startsWith('/')) return path
  throw new ConfigurationError(`${owner}: "logoutPath" must be a path of the app, for example "/logout".`)
}

/**
 * Checks the options of one `passport.authenticate()` call, as far as they are ours: Passport's own are not
 * known here.
 */
export function checkAuthenticateOptions(options: CognitoAuthenticateOptions): void {
  if (options.scope !== undefined) scopeText(options.scope)
  for (const name of [
    'identityProvider',
    'idpIdentifier',
    'lang',
    'loginHint',
    'prompt',
    'returnTo',
  ] as const) {
    optionalText("passport.authenticate('cognito')", name, options[name], '"Google"')
  }
}
