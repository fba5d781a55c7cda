import { type InvalidTokenError, SessionEndedError } from '../errors.ts'
import type { IdentityPool } from '../identity/identity-pool.ts'
import { assertInstance, assertKnownOptions, assertOptionalFunction, optionalNumber } from '../lib/assert.ts'
import { hasCode } from '../lib/has-code.ts'
import { groupsOf, scopesOf } from '../user-pool/claims.ts'
import type { HeldTokens } from '../user-pool/sign-in-handle.ts'
import type { Tokens } from '../user-pool/tokens.ts'
import type { VerifiedTokens } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { sessionCredentials } from './credentials.ts'
import { forgetCredentials } from './forget-credentials.ts'
import { type Handler, handler, type HandlerOutcome } from './handler.ts'
import { Caller, type CognitoAuth } from './request.ts'
import { endSignIn, keepCurrent, passOver, signedInAt, storedTokens } from './signed-in.ts'
import { isStale, type StaleBefore } from './stale.ts'

/** What ends a sign-in, instead of failing the request. */
type Ended = SessionEndedError | InvalidTokenError

/** What `session()` takes. */
export interface SessionOptions {
  userPool: UserPool
  /** For `credentials`. */
  identityPool?: IdentityPool | undefined
  /** From when on tokens count: a sign-in with older ones is refreshed once, before the handler runs. */
  staleBefore?: StaleBefore | undefined
  /**
   * When people must sign in again however active they are, in seconds after sign-in. Default: when Cognito's
   * refresh token expires.
   */
  maxAgeSeconds?: number | undefined
}

/**
 * Recognises signed-in browsers and puts them on `req.cognito`; anonymous requests go on. Mount it after
 * passport.session(). Expired tokens are refreshed, once per sign-in however many requests ask, and saved
 * before the handler runs. When Cognito refuses, the session ends and the request goes on anonymously; when
 * Cognito cannot be reached, the answer is 503 and nothing is lost.
 */
export function session(options: SessionOptions): Handler {
  assertKnownOptions('session', options, ['userPool', 'identityPool', 'staleBefore', 'maxAgeSeconds'])
  const { userPool, identityPool, staleBefore } = options
  assertOptionalFunction('session', 'staleBefore', staleBefore)
  assertInstance('session', 'userPool', userPool, 'UserPool')
  if (identityPool !== undefined) assertInstance('session', 'identityPool', identityPool, 'IdentityPool')
  const limits = { min: 1, max: 10 * 365 * 86_400, fallback: Number.POSITIVE_INFINITY }
  const maxAgeSeconds = optionalNumber('session', 'maxAgeSeconds', options.maxAgeSeconds, limits)

  /** By the verified tokens of a sign-in, which are the same object as long as nothing about them changes. */
  const callers = new WeakMap<VerifiedTokens, CognitoAuth>()

  return handler(async (req): Promise<HandlerOutcome> => {
    if (req.cognito) return 'next'
    let held: HeldTokens | undefined
    try {
      const inSession = storedTokens(req)
      if (inSession && userPool.signIns.lacksStoreFor(inSession)) passOver(req)
      if (!inSession || !userPool.signIns.owns(inSession)) return 'next'
      held = inSession
      // Before any refresh, which must not prolong the sign-in.
      assertRecent(signedInAt(req), maxAgeSeconds)
      held = await userPool.signIns.share(inSession)
      const stored = (await userPool.signIns.find(held)) ?? passOver(req)
      if (!stored) return 'next'
      const current = await currentTokens(stored)
      await keepCurrent(req, inSession, current.tokens)
      // Who signed out while this request was waiting stays signed out; what was just saved goes again.
      if (userPool.signIns.hasEnded(stored)) throw new SessionEndedError('The user has signed out.')
      // Without a note of the strategy, as after req.login(), the token says when.
      assertRecent(signedInAt(req) ?? current.idClaims.auth_time * 1000, maxAgeSeconds)
      req.cognito = callerOf(current)
    } catch (error) {
      if (!hasCode<Ended>(error, 'ERR_COGNITO_SESSION_ENDED', 'ERR_COGNITO_INVALID_TOKEN')) throw error
      if (held) forgetCredentials({ identityPool, userPool }, held)
      if (held) void userPool.signIns.end(held).catch(() => undefined)
      await endSignIn(req, error)
    }
    return 'next'
  })

  async function currentTokens(stored: Tokens): Promise<VerifiedTokens> {
    const current = await userPool.signIns.current(stored)
    if (!staleBefore) return current
    const refreshedAt = userPool.signIns.refreshedAt(current.tokens)
    const stale = await isStale(callerOf(current), staleBefore, refreshedAt)
    return stale ? userPool.signIns.refresh(current.tokens) : current
  }

  function callerOf(current: VerifiedTokens): CognitoAuth {
    const known = callers.get(current)
    if (known) return known
    const { tokens, idClaims, accessClaims } = current
    const caller = new Caller({
      claims: idClaims,
      token: tokens.idToken,
      source: 'session',
      kind: 'user',
      groups: groupsOf(idClaims),
      scopes: scopesOf(accessClaims),
      credentials: sessionCredentials(userPool, identityPool, current),
    })
    callers.set(current, caller)
    return caller
  }
}

function assertRecent(since: number | undefined, maxAgeSeconds: number): void {
  if (maxAgeSeconds === Number.POSITIVE_INFINITY || since === undefined) return
  if (Date.now() - since <= maxAgeSeconds * 1000) return
  throw new SessionEndedError('The sign-in is older than "maxAgeSeconds" allows.')
}
