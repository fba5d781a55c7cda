import { ConfigurationError } from '../errors.ts'

/** The part of express-session's `req.session` that this package uses. */
export interface Session {
  regenerate(done: (error?: unknown) => void): unknown
  save(done: (error?: unknown) => void): unknown
  destroy(done: (error?: unknown) => void): unknown
  [name: string]: unknown
}

/** Set in the session by a sign-in of our strategy, so that tokens which the app's serializer drops are noticed. */
export const SIGNED_IN_KEY = 'cognitoSignedIn'

/**
 * The session of a request. Throws {@link ConfigurationError} when there is none, or one that cannot be renewed:
 * without a new session id at sign-in, whoever planted the old one would be signed in too.
 */
export function requireSession(req: object): Session {
  const { session } = req as { session?: Partial<Session> }
  if (session === undefined || session === null) {
    throw new ConfigurationError(
      'There is no req.session. Mount express-session before passport and before the routes: app.use(expressSession({ … })). If it is mounted, its store may be unreachable.',
    )
  }
  if (
    typeof session.regenerate !== 'function' ||
    typeof session.save !== 'function' ||
    typeof session.destroy !== 'function'
  ) {
    throw new ConfigurationError(
      'req.session cannot be renewed (no regenerate, save and destroy). Use express-session; cookie-session keeps tokens in a cookie and cannot give a new session id.',
    )
  }
  return session as Session
}

/** Runs a callback method of a session as a promise. */
export function sessionCall(session: Session, method: 'regenerate' | 'save' | 'destroy'): Promise<void> {
  return new Promise((resolve, reject) => {
    session[method]((error) => {
      if (error) reject(error instanceof Error ? error : new Error('The session store failed'))
      else resolve()
    })
  })
}
