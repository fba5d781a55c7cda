import { targetOf, type RequestTarget } from '../lib/request-target.ts'
import { requireSession, sessionCall } from '../lib/session.ts'
import { assertCookieArrives, type CookieRequest } from './cookie-check.ts'
import {
  checkAuthenticateOptions,
  type CognitoAuthenticateOptions,
  type StrategyConfiguration,
} from './options.ts'
import type { Outcome } from './outcome.ts'
import { safeReturnTo } from './return-to.ts'
import { begin } from './transaction.ts'

/** Sends the browser to the login page, after the transaction is safely in the session store. */
export async function start(
  config: StrategyConfiguration,
  req: RequestTarget & CookieRequest,
  options: CognitoAuthenticateOptions,
): Promise<Outcome> {
  checkAuthenticateOptions(options)
  const session = requireSession(req)
  assertCookieArrives(req, session)
  const { path, query } = targetOf(req)
  const asked = query.getAll('returnTo')
  const wanted = asked.length === 1 ? asked[0] : options.returnTo
  const noReturn = [config.callbackPath, config.logoutPath, path]
  const returnTo = safeReturnTo(wanted, config.origin, noReturn)
  const { state, nonce, codeVerifier } = begin(session, config.audience, returnTo)
  await sessionCall(session, 'save')
  const { callbackURL, userPool } = config
  const { scope, identityProvider, idpIdentifier, lang, loginHint, prompt } = options
  const perCall = { scope, identityProvider, idpIdentifier, lang, loginHint, prompt }
  const url = await userPool.authorizationUrl({ callbackURL, state, nonce, codeVerifier, ...perCall })
  return { type: 'redirect', url: url.href }
}
