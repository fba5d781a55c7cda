import { type CognitoError, ConfigurationError, SessionEndedError } from '../errors.ts'
import {
  requireSession,
  type Session,
  sessionCall,
  SIGNED_IN_AT_KEY,
  SIGNED_IN_KEY,
  storeCall,
} from '../lib/session.ts'
import { copyOfTokens, handleOf, type HeldTokens } from '../user-pool/sign-in-handle.ts'
import { areTokens, signInId, type Tokens } from '../user-pool/tokens.ts'
import type { Request } from './handler.ts'

/** A request behind express-session and passport.session(). */
export type SessionRequest = Request & {
  session?: Session & { passport?: { user?: unknown } }
  sessionID?: string
  sessionStore?: { get?: (id: string, done: (error: unknown, session?: unknown) => void) => void }
  user?: { tokens?: unknown } | undefined
  [ENDED]?: CognitoError
}

/** Refreshed tokens, where the serializer of the app makes its own object of the user. */
interface KeptTokens {
  /** The sign-in they belong to: a session that is carried on for another user must not lend them. */
  of: string
  tokens: Tokens
}

const TOKENS_KEY = 'cognitoTokens'
const ENDED = Symbol('cognito sign-in ended')

/**
 * The tokens of the signed-in user or the handle that leads to them, or `undefined` for an anonymous request and for users of other strategies.
 * Not verified here. Throws {@link SessionEndedError} for what the store has damaged, and
 * {@link ConfigurationError} where a wrong wiring would look like nobody being signed in, and end in a login
 * loop.
 */
export function storedTokens({ user, session, sessionID }: SessionRequest): HeldTokens | undefined {
  if (user === undefined || user === null) {
    if (!session?.passport?.user) return undefined
    throw new ConfigurationError(
      'session() must come after passport.session(): the session names a user that is not on the request yet.',
    )
  }
  const own = user.tokens
  // A record of its own is newer than what any session holds.
  const signIn = handleOf(own)
  if (signIn) return { signIn }
  if (areTokens(own)) {
    const kept = session?.[TOKENS_KEY] as KeptTokens | undefined
    const lent = typeof kept?.of === 'string' && kept.of === signInId(own) && areTokens(kept.tokens)
    return copyOfTokens(lent ? kept.tokens : own)
  }
  if (sessionID === undefined || session?.[SIGNED_IN_KEY] !== sessionID) return undefined
  if (areDamaged(own)) throw new SessionEndedError('The session store holds no usable tokens.')
  throw new ConfigurationError(
    'req.user has no tokens. Keep them: passport.serializeUser((user, done) => done(null, user)), and let the verify callback of the strategy return { ...yours, tokens: user.tokens }.',
  )
}

/** Tokens by their names, and yet none: a serializer that drops or renames them leaves neither name. */
function areDamaged(tokens: unknown): boolean {
  return typeof tokens === 'object' && tokens !== null && ('idToken' in tokens || 'accessToken' in tokens)
}

/** When the strategy signed this browser in, in milliseconds since the epoch. */
export function signedInAt({ session, sessionID }: SessionRequest): number | undefined {
  const note = session?.[SIGNED_IN_AT_KEY] as { of?: unknown; at?: unknown } | null | undefined
  return note?.of === sessionID && typeof note?.at === 'number' ? note.at : undefined
}

/** Has the request, and the session where it holds other ones, go on with the current tokens. */
export async function keepCurrent(
  req: SessionRequest,
  inSession: HeldTokens,
  current: Tokens,
): Promise<void> {
  const { signIn } = inSession
  // A sign-in with a record of its own is in the session by its name only, which stays.
  const isKept = areTokens(inSession) ? inSession.accessToken === current.accessToken : signIn !== undefined
  if (isKept && Boolean(signIn) === Boolean(current.signIn)) showTokens(req, copyOfTokens(current))
  else await keepTokens(req, current)
}

/** Gives `req.user` the current tokens, for the app's own calls with them. */
function showTokens({ user }: SessionRequest, tokens: Tokens): void {
  if (user) Reflect.set(user, 'tokens', tokens)
}

/**
 * Writes refreshed tokens to the session store, before any handler runs. Rejects with {@link SessionEndedError}
 * when the session is gone.
 */
export async function keepTokens(req: SessionRequest, tokens: Tokens): Promise<void> {
  const session = requireSession(req)
  await assertStillThere(req)
  const { user } = req
  // With the usual serializer the session holds the very object that is req.user; another one needs its own
  // place.
  if (user && req.session?.passport?.user !== user && areTokens(user.tokens)) {
    session[TOKENS_KEY] = { of: signInId(user.tokens), tokens } satisfies KeptTokens
  }
  // A copy: what the app does to req.user.tokens must not reach other requests of the sign-in.
  showTokens(req, copyOfTokens(tokens))
  await sessionCall(session, 'save')
}

/** A late write must not bring back a session that was destroyed in the meantime. */
async function assertStillThere({ sessionStore, sessionID }: SessionRequest): Promise<void> {
  if (!sessionStore?.get || sessionID === undefined) return
  const get = sessionStore.get.bind(sessionStore)
  const row = await storeCall<unknown>((done) => get(sessionID, done))
  if (!row) throw new SessionEndedError('The user has signed out.')
}

/**
 * Ends the sign-in of this browser: a new, empty session in place of the old one. `error` tells a guard why.
 */
export async function endSignIn(req: SessionRequest, error: CognitoError): Promise<void> {
  req.user = undefined
  req[ENDED] = error
  await sessionCall(requireSession(req), 'regenerate')
}

/**
 * The tokens to revoke at sign-out. A wiring that loses them must not keep anybody signed in, so nothing is
 * thrown.
 */
export function tokensToEnd(req: SessionRequest): HeldTokens | undefined {
  try {
    return storedTokens(req)
  } catch {
    return undefined
  }
}

/** Signs out locally: the session is gone from the store, the request is nobody's. */
export async function destroySession(req: SessionRequest): Promise<void> {
  req.user = undefined
  if (req.session) await sessionCall(req.session, 'destroy')
}

/** Nobody is signed in for this request; the session stays as it is, for processes that can read what it leads to. */
export function passOver(req: SessionRequest): undefined {
  req.user = undefined
  return undefined
}

/** Why the sign-in of this request ended just now, if it did. */
export function endedBecause(req: SessionRequest): CognitoError | undefined {
  return req[ENDED]
}
