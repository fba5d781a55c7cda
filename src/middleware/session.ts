import { InvalidTokenError, SessionEndedError } from '../errors.ts'
import type { IdentityPool } from '../identity/identity-pool.ts'
import { assertInstance, assertKnownOptions } from '../lib/assert.ts'
import { groupsOf, scopesOf } from '../user-pool/claims.ts'
import type { VerifiedTokens } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { sessionCredentials } from './credentials.ts'
import { type Handler, handler } from './handler.ts'
import { setAuth } from './request.ts'
import { endSignIn, keepTokens, showTokens, storedTokens } from './signed-in.ts'

/** What `session()` takes. */
export interface SessionOptions {
  userPool: UserPool
  /** For `credentials`. */
  identityPool?: IdentityPool | undefined
}

/**
 * Recognises signed-in browsers and puts them on `req.cognito`; anonymous requests go on. Mount it after
 * passport.session(). Expired tokens are refreshed, once per sign-in however many requests ask, and saved
 * before the handler runs. When Cognito refuses, the session ends and the request goes on anonymously; when
 * Cognito cannot be reached, the answer is 503 and nothing is lost.
 */
export function session(options: SessionOptions): Handler {
  assertKnownOptions('session', options, ['userPool', 'identityPool'])
  const { userPool, identityPool } = options
  assertInstance('session', 'userPool', userPool, 'UserPool')
  if (identityPool !== undefined) assertInstance('session', 'identityPool', identityPool, 'IdentityPool')

  return handler(async (req) => {
    if (req.cognito) return 'next'
    const stored = storedTokens(req)
    if (!stored || !userPool.signIns.owns(stored)) return 'next'
    try {
      const current = await userPool.signIns.current(stored)
      if (current.tokens.accessToken === stored.accessToken) showTokens(req, stored)
      else await keepTokens(req, current.tokens)
      // Who signed out while this request was waiting stays signed out; what was just saved goes again.
      if (userPool.signIns.hasEnded(stored)) throw new SessionEndedError('The user has signed out.')
      recognise(req, current)
    } catch (error) {
      if (!(error instanceof SessionEndedError || error instanceof InvalidTokenError)) throw error
      userPool.signIns.end(stored)
      await endSignIn(req, error)
    }
    return 'next'
  })

  function recognise(req: object, current: VerifiedTokens): void {
    const { tokens, idClaims, accessClaims } = current
    setAuth(req, {
      claims: idClaims,
      token: tokens.idToken,
      source: 'session',
      groups: groupsOf(idClaims),
      scopes: scopesOf(accessClaims),
      credentials: sessionCredentials(userPool, identityPool, current),
    })
  }
}
