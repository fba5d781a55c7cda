import type { IncomingMessage } from 'node:http'
import { CallbackError, type CognitoError, UnavailableError } from '../errors.ts'
import { hasCode } from '../lib/has-code.ts'
import { requireSession, type Session, sessionCall } from '../lib/session.ts'
import type { CognitoUser } from '../user-pool/user.ts'
import { callbackParameters, callbackState } from './callback-parameters.ts'
import type { StrategyConfiguration } from './options.ts'
import { type FailureOptions, type Outcome, unfinished } from './outcome.ts'
import { carryOver, forgetPending, take, type Transaction } from './transaction.ts'
import { applyVerify } from './verify-callback.ts'

type Request = IncomingMessage & { session: Session; sessionID: string; user?: unknown }

/** Ends the attempt that `state` names. Its transaction is used up whatever happens next. */
export async function finish(
  config: StrategyConfiguration,
  req: Request,
  route: FailureOptions,
): Promise<Outcome> {
  const session = requireSession(req)
  try {
    const state = callbackState(req)
    const { transaction, fault } = take(session, config.audience, state)
    if (!transaction) throw new CallbackError(fault)
    const underWay = config.exchanges.get(state)
    if (fault === 'transaction_used' && !underWay && req.user !== undefined) {
      return { type: 'redirect', url: transaction.returnTo ?? config.defaultReturnTo }
    }
    if (fault === 'transaction_expired') await sessionCall(session, 'save')
    if (fault && !underWay) throw new CallbackError(fault)
    const user = await (underWay ?? exchangeOnce(config, req, transaction))
    return await accept(config, req, user, transaction)
  } catch (error) {
    if (!hasCode<CallbackError>(error, 'ERR_COGNITO_CALLBACK')) throw error
    if (error.reason === 'nonce_mismatch') await forgetPending(session)
    return unfinished(error, route)
  }
}

/**
 * One exchange per attempt. A second request with the same callback (a double click, an impatient reload) finds
 * the exchange under way and shares what it brings: only the browser whose session holds the transaction gets
 * this far.
 */
function exchangeOnce(
  { exchanges, ...config }: StrategyConfiguration,
  req: Request,
  transaction: Transaction,
): Promise<CognitoUser> {
  return exchanges.run(transaction.state, async () => {
    await sessionCall(req.session, 'save')
    return redeem(config, req, transaction)
  })
}

async function redeem(
  { userPool, callbackURL }: Pick<StrategyConfiguration, 'userPool' | 'callbackURL'>,
  req: Request,
  { codeVerifier, nonce }: Transaction,
): Promise<CognitoUser> {
  const { code, error, issuer } = callbackParameters(req)
  if (issuer !== undefined && !userPool.issuers.includes(issuer)) throw new CallbackError('issuer_mismatch')
  if (error !== undefined) throw refusal(error)
  return userPool.exchangeCode({ callbackURL, code, codeVerifier, nonce })
}

async function accept(
  { userPool, verify }: StrategyConfiguration,
  req: Request,
  user: CognitoUser,
  { returnTo }: Transaction,
): Promise<Outcome> {
  const { user: accepted, info } = await applyVerify(
    verify,
    user,
    req as object as IncomingMessage & Express.Request,
  )
  // Kept for a session that will not be.
  if (!accepted && user.tokens.signIn) void userPool.signIns.end(user.tokens).catch(() => undefined)
  if (!accepted) return { type: 'fail', info: info ?? { message: 'You cannot sign in here.' }, status: 401 }
  carryOver(req)
  return { type: 'success', user: accepted, info: { ...info, ...(returnTo !== undefined && { returnTo }) } }
}

/** RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6; the description is not repeated, it may say anything. */
function refusal(error: string): CognitoError {
  if (error === 'access_denied' || error === 'login_required') return new CallbackError(error)
  if (error === 'server_error' || error === 'temporarily_unavailable') {
    return new UnavailableError('Cognito could not sign the user in.')
  }
  return new CallbackError('authorization_failed')
}
