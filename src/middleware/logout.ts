import type { ServerResponse } from 'node:http'
import { ForbiddenError, UnavailableError } from '../errors.ts'
import type { IdentityPool } from '../identity/identity-pool.ts'
import { assertInstance, assertKnownOptions, optionalBoolean, requireUrl } from '../lib/assert.ts'
import { Events, named, type NamedError } from '../lib/events.ts'
import { within } from '../lib/within.ts'
import type { HeldTokens } from '../user-pool/sign-in-handle.ts'
import { areTokens, type Tokens } from '../user-pool/tokens.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { isCrossOrigin } from './cross-origin.ts'
import { deny } from './deny.ts'
import { forgetCredentials } from './forget-credentials.ts'
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
  /**
   * Ends every sign-in of the user, on all devices (GlobalSignOut), and not only this one. The access token needs the scope
   * `aws.cognito.signin.user.admin`; without it the person is signed out here and the error handler gets a ForbiddenError.
   * Default false.
   */
  everywhere?: boolean | undefined
}

/** What the channel `passport-cognito-identity:logout` says: what may live on after a sign-out. */
export interface LogoutEvent extends NamedError {
  /**
   * `revocation_failed`: the refresh token, until it expires. `global_sign_out_failed`: the user's other sign-ins.
   * `session_kept`: the session or the sign-in, in a store that failed.
   */
  type: 'revocation_failed' | 'global_sign_out_failed' | 'session_kept'
  userPoolId: string
  clientId: string
}

const events = new Events<LogoutEvent>('logout')

/** A person waits for the redirect; Cognito's part in it is worth this much of their time, in milliseconds. */
const COGNITO_LIMIT_MS = 2_500

/**
 * Signs out of the app and of Cognito: `app.post('/logout', logout({ … }))`, after passport.session() and
 * before session(), so that people can sign out while Cognito is down. Ends the sign-in in this process, drops
 * its cached credentials, destroys the session, revokes the refresh token, and redirects to Cognito's own
 * logout (with a pool that has a `domain`) or to `returnTo`. Only POST (405), only from the app's own origin (403). A revocation that fails does not keep the user
 * signed in. A session store or a shared store that fails is a 503: the sign-in may live on there. What keeps `everywhere` from being
 * true goes to the error handler, when the person is signed out here.
 */
export function logout(options: LogoutOptions): Handler {
  assertKnownOptions('logout', options, ['userPool', 'identityPool', 'returnTo', 'everywhere'])
  const { userPool, identityPool } = options
  const everywhere = optionalBoolean('logout', 'everywhere', options.everywhere, false)
  assertInstance('logout', 'userPool', userPool, 'UserPool')
  if (identityPool !== undefined) assertInstance('logout', 'identityPool', identityPool, 'IdentityPool')
  const returnTo = requireUrl('logout', 'returnTo', options.returnTo, '"https://app.example.com/"')
  const end = everywhere ? endEverywhere : endHere
  // Without a managed login there is no session of Cognito's in the browser that could outlive ours.
  const location = userPool.domain ? userPool.logoutUrl(options.returnTo).href : options.returnTo

  return handler(async (req, res) => {
    if (req.method !== 'POST') return methodNotAllowed(res)
    if (isCrossOrigin(req, returnTo.origin)) {
      return deny(new ForbiddenError('A page of another origin may not sign the user out.'), req, res, {
        by: 'logout',
      })
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
    const latest = tokens && (everywhere ? await current(tokens) : userPool.signIns.latest(tokens))
    const ending = held && userPool.signIns.end(tokens ?? held)
    if (held) forgetCredentials({ identityPool, userPool }, tokens ?? held)
    clearSessionCookie(req, res)
    // A revocation that fails or hangs must not keep the user signed in here; what could not be revoked expires
    // by itself.
    const work = [destroySession(req).catch(kept)]
    if (ending) work.push(ending.catch(kept))
    if (latest) work.push(within(end(userPool, latest), COGNITO_LIMIT_MS, late).catch(unlessPromised))
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

  function kept(error: unknown): never {
    tell(userPool, 'session_kept', error)
    throw error
  }

  /** GlobalSignOut takes a current access token only. */
  function current(tokens: Tokens): Promise<Tokens> {
    return within(userPool.signIns.current(tokens), COGNITO_LIMIT_MS).then(
      (verified) => verified.tokens,
      () => userPool.signIns.latest(tokens),
    )
  }

  /** Whoever asks for `everywhere` is told that it is not so. */
  function unlessPromised(error: unknown): void {
    tell(userPool, everywhere ? 'global_sign_out_failed' : 'revocation_failed', error)
    if (everywhere) throw error
  }
}

function endHere(userPool: UserPool, tokens: Tokens): Promise<void> {
  return userPool.revoke(tokens)
}

async function endEverywhere(userPool: UserPool, tokens: Tokens): Promise<void> {
  try {
    // Not beside the revocation, after which the access token is refused.
    await userPool.account.globalSignOut(tokens)
    // What Cognito has revoked would go on here until its tokens expire.
    if (tokens.signIn) await userPool.endOtherSignIns(tokens)
  } catch (error) {
    await userPool.revoke(tokens).catch((failure: unknown) => tell(userPool, 'revocation_failed', failure))
    throw error
  }
}

function tell({ userPoolId, clientId }: UserPool, type: LogoutEvent['type'], error: unknown): void {
  events.publish({ type, userPoolId, clientId, ...named(error) })
}

function late(): UnavailableError {
  return new UnavailableError('Cognito did not answer in time.')
}

function methodNotAllowed(res: ServerResponse): 'answered' {
  res.statusCode = 405
  res.setHeader('Allow', 'POST')
  res.end()
  return 'answered'
}
