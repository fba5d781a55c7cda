import type { IncomingMessage } from 'node:http'
import { CallbackError, type CognitoError, UnavailableError } from '../errors.ts'
import { targetOf } from '../lib/request-target.ts'
import { requireSession, type Session, sessionCall } from '../lib/session.ts'
import { callbackParameters, type CallbackParameters, isCallback } from './callback-parameters.ts'
import {
  checkAuthenticateOptions,
  type CognitoAuthenticateOptions,
  type CognitoStrategyOptions,
  configureStrategy,
  type StrategyConfiguration,
} from './options.ts'
import { safeReturnTo } from './return-to.ts'
import { begin, carryOver, take, type Transaction, usedReturnTo } from './transaction.ts'
import { applyVerify } from './verify-callback.ts'

/** The outcomes that Passport puts on its copy of the strategy, one of which ends each call. */
interface Outcomes {
  success(user: object, info?: object): void
  fail(challenge?: object | string, status?: number): void
  redirect(url: string, status?: number): void
  error(error: unknown): void
}

type Request = IncomingMessage & { originalUrl?: string; session: Session; user?: unknown }
type RouteOptions = CognitoAuthenticateOptions & {
  failureRedirect?: unknown
  failureFlash?: unknown
  failureMessage?: unknown
  failWithError?: unknown
}

/**
 * Passport strategy for Cognito's managed login: the authorization code flow with state, nonce and PKCE S256, always (RFC 9700 §2.1).
 * On the login route it redirects to Cognito; on the callback route it exchanges the code, verifies both tokens, and succeeds with a
 * {@link CognitoUser} and `{ returnTo }` in `req.authInfo`. A person who did not sign in is Passport's `fail`; what is broken is its `error`.
 * Throws ConfigurationError at construction.
 */
export class CognitoStrategy {
  readonly name: string
  /** Passport copies strategies with `Object.create`, which private fields do not survive: the configuration is one public value. */
  readonly options: StrategyConfiguration

  constructor(options: CognitoStrategyOptions) {
    this.options = configureStrategy(options)
    this.name = this.options.name
  }

  /** Called by Passport. */
  authenticate(req: object, options: object = {}): void {
    const outcomes = this as unknown as Outcomes
    const run = isCallback(req, this.options.callbackPath) ? finish : start
    run(outcomes, this.options, req as Request, options).catch((error: unknown) => outcomes.error(error))
  }
}

/** Sends the browser to the login page, after the transaction is safely in the session store. */
async function start(
  outcomes: Outcomes,
  config: StrategyConfiguration,
  req: Request,
  options: RouteOptions,
): Promise<void> {
  checkAuthenticateOptions(options)
  const session = requireSession(req)
  const { path, query } = targetOf(req)
  const forbidden = [config.callbackPath, path]
  const asked = query.getAll('returnTo')
  const returnTo = safeReturnTo(asked.length === 1 ? asked[0] : options.returnTo, config.origin, forbidden)
  const transaction = begin(session, config.audience, returnTo)
  await save(session)
  const { callbackURL } = config
  const { state, nonce, codeVerifier } = transaction
  const { scope, identityProvider, idpIdentifier, lang, loginHint, prompt } = options
  const perCall = { scope, identityProvider, idpIdentifier, lang, loginHint, prompt }
  const url = await config.userPool.authorizationUrl({ callbackURL, state, nonce, codeVerifier, ...perCall })
  outcomes.redirect(url.href, 303)
}

/** Ends the attempt that `state` names. Its transaction is used up whatever happens next. */
async function finish(
  outcomes: Outcomes,
  config: StrategyConfiguration,
  req: Request,
  options: RouteOptions,
): Promise<void> {
  const session = requireSession(req)
  try {
    const parameters = callbackParameters(req)
    const transaction = take(session, config.audience, parameters.state)
    if (transaction === 'transaction_used' && req.user !== undefined) {
      return outcomes.redirect(usedReturnTo(session, parameters.state) ?? config.defaultReturnTo, 303)
    }
    await save(session)
    if (typeof transaction === 'string') throw new CallbackError(transaction)
    await signIn(outcomes, config, req, await exchange(config, transaction, parameters), transaction)
  } catch (error) {
    if (error instanceof CallbackError && isFailure(error, options)) outcomes.fail(error, error.status)
    else outcomes.error(error)
  }
}

async function exchange(
  config: StrategyConfiguration,
  { codeVerifier, nonce }: Transaction,
  parameters: CallbackParameters,
) {
  const { code, error, issuer } = parameters
  if (issuer !== undefined && issuer !== config.userPool.issuer) throw new CallbackError('issuer_mismatch')
  if (error !== undefined) throw refusal(error)
  return config.userPool.exchangeCode({ callbackURL: config.callbackURL, code, codeVerifier, nonce })
}

async function signIn(
  outcomes: Outcomes,
  { verify }: StrategyConfiguration,
  req: Request,
  user: Awaited<ReturnType<typeof exchange>>,
  { returnTo }: Transaction,
): Promise<void> {
  const { user: accepted, info } = await applyVerify(
    verify,
    user,
    req as object as IncomingMessage & Express.Request,
  )
  if (!accepted) return outcomes.fail(info ?? { message: 'The app refused this user.' }, 401)
  carryOver(req)
  outcomes.success(accepted, { ...info, ...(returnTo !== undefined && { returnTo }) })
}

/** RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6; the description is not repeated, it may say anything. */
function refusal(error: string): CognitoError {
  if (error === 'access_denied' || error === 'login_required') return new CallbackError(error)
  if (error === 'server_error' || error === 'temporarily_unavailable')
    return new UnavailableError('Cognito could not sign the user in.')
  return new CallbackError('authorization_failed')
}

/**
 * Who did not sign in is Passport's `fail`. The other client faults are too where the route says what to do about failures; else they go to the
 * app's error handler, where the developer sees the reason and the hint instead of Passport's bare status text.
 */
function isFailure({ status }: CallbackError, route: RouteOptions): boolean {
  if (status >= 500) return false
  return (
    status === 401 ||
    Boolean(route.failureRedirect ?? route.failureFlash ?? route.failureMessage ?? route.failWithError)
  )
}

async function save(session: Session): Promise<void> {
  await sessionCall(session, 'save').catch((error: unknown) => {
    throw new UnavailableError('The session could not be saved.', error)
  })
}
