import type { ServerResponse } from 'node:http'
import { ForbiddenError } from '../errors.ts'
import type { IdentityPool } from '../identity/identity-pool.ts'
import { assertInstance, assertKnownOptions, requireUrl } from '../lib/assert.ts'
import { within } from '../lib/within.ts'
import { handleOf, type HeldTokens } from '../user-pool/sign-in-handle.ts'
import { areTokens, type Tokens } from '../user-pool/tokens.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { isCrossOrigin } from './cross-origin.ts'
import { deny } from './deny.ts'
import { type Handler, handler } from './handler.ts'
import { clearSessionCookie } from './session-cookie.ts'
import { destroySession, type SessionRequest, tokensToEnd } from './signed-in.ts'

/** What `logout()` takes. */
export interface LogoutOptions {
  userPool: UserPool
  /** The pool whose cached credentials of this user are dropped. */
  identityPool?: IdentityPool | undefined
  /** Where Cognito sends the browser afterwards: an absolute URL, one of the app client's sign-out URLs. */
  returnTo: string
}

/** A person waits for the redirect; each call to Cognito is worth this much of their time, in milliseconds. */
const REVOCATION_LIMIT_MS = 3_000

/**
 * Signs out of the app and of Cognito: `app.post('/logout', logout({ … }))`, after passport.session() and
 * before session(), so that people can sign out while Cognito is down. Ends the sign-in in this process, drops
 * its cached credentials, destroys the session, revokes the refresh token, and redirects to Cognito's own
 * logout (with a pool that has a `domain`) or to `returnTo`. Only POST (405), only from the app's own origin (403). A revocation that fails does not keep the user
 * signed in. A session store or a shared store that fails is a 503: the sign-in may live on there.
 */
export function logout(options: LogoutOptions): Handler {
  assertKnownOptions('logout', options, ['userPool', 'identityPool', 'returnTo'])
  const { userPool, identityPool } = options
  assertInstance('logout', 'userPool', userPool, 'UserPool')
  if (identityPool !== undefined) assertInstance('logout', 'identityPool', identityPool, 'IdentityPool')
  const returnTo = requireUrl('logout', 'returnTo', options.returnTo, '"https://app.example.com/"')
  // Without a managed login there is no session of Cognito's in the browser that could outlive ours.
  const location = userPool.domain ? userPool.logoutUrl(options.returnTo).href : options.returnTo

  return handler(async (req, res) => {
    if (req.method !== 'POST') return methodNotAllowed(res)
    if (isCrossOrigin(req, returnTo.origin)) {
      return deny(new ForbiddenError('A page of another origin may not sign the user out.'), req, res)
    }
    await signOut(req, res)
    res.statusCode = 303
    res.setHeader('Location', location)
    res.setHeader('Cache-Control', 'no-store')
    res.end()
    return 'answered'
  })

  async function signOut(req: SessionRequest, res: ServerResponse): Promise<void> {
    const held = tokensToEnd(req)
    const tokens = held && (await find(held))
    const latest = tokens && userPool.signIns.latest(tokens)
    const ending = held && userPool.signIns.end(tokens ?? held)
    if (held) dropCredentials(held)
    clearSessionCookie(req, res)
    // A revocation that fails or hangs must not keep the user signed in here; what could not be revoked expires
    // by itself.
    const best = (call: Promise<void>) => within(call, REVOCATION_LIMIT_MS).catch(() => undefined)
    const work = [destroySession(req)]
    if (ending) work.push(ending)
    if (latest) work.push(best(userPool.revoke(latest)))
    // A store that fails is said only when everything else has ended.
    const failed = (await Promise.allSettled(work)).find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
  }

  /** What cannot be found cannot be revoked; it ends all the same. */
  async function find(held: HeldTokens): Promise<Tokens | undefined> {
    try {
      return await userPool.signIns.find(held)
    } catch {
      return areTokens(held) ? held : undefined
    }
  }

  /** Forgetting opens nothing, so nothing need be verified; it has just been refused for good. */
  function dropCredentials(held: HeldTokens): void {
    const { clientId, sub } = handleOf(held) ?? {}
    const {
      iss,
      aud,
      sub: subject = sub,
    } = areTokens(held) ? unverifiedPayload(held.idToken) : { aud: clientId }
    for (const issuer of iss === undefined ? userPool.issuers : [iss]) {
      const owner = [issuer, aud, subject]
      if (owner.some((part) => typeof part !== 'string' || part === '')) continue
      identityPool?.forget({ issuer: issuer as string, clientId: aud as string, subject: subject as string })
    }
  }
}

function methodNotAllowed(res: ServerResponse): 'answered' {
  res.statusCode = 405
  res.setHeader('Allow', 'POST')
  res.end()
  return 'answered'
}
