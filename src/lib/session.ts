import { ConfigurationError, UnavailableError } from '../errors.ts'
import { summarise } from './cause.ts'
import { within } from './within.ts'

type Done = (error?: unknown) => void

/** The part of express-session's `req.session` that this package uses. */
export interface Session {
  regenerate(done: Done): unknown
  save(done: Done): unknown
  destroy(done: Done): unknown
  [name: string]: unknown
}

/** Session stores have no time limits of their own. */
const STORE_LIMIT_MS = 5_000

/**
 * Holds the id of the session that a sign-in of our strategy made, so that tokens which the app's serializer
 * drops are noticed. Bound to the id, because Passport's `keepSessionInfo` copies everything into the next
 * user's session.
 */
export const SIGNED_IN_KEY = 'cognitoSignedIn'

/** `{ of, at }`: the session id and when its sign-in was, in milliseconds since the epoch. Refreshes do not change it. */
export const SIGNED_IN_AT_KEY = 'cognitoSignedInAt'

/**
 * The session of a request. Throws {@link ConfigurationError} when there is none, or one that cannot be
 * renewed: without a new session id at sign-in, whoever planted the old one would be signed in too.
 */
export function requireSession(req: object): Session {
  const { session } = req as { session?: Partial<Session> | null }
  if (session === undefined || session === null) {
    throw new ConfigurationError(
      'There is no req.session. Mount express-session before passport and before the routes: app.use(expressSession({ … })). If it is mounted, its store may be unreachable.',
    )
  }
  const methods = [session.regenerate, session.save, session.destroy]
  if (methods.some((method) => typeof method !== 'function')) {
    throw new ConfigurationError(
      'req.session cannot be renewed (no regenerate, save and destroy). Use express-session; cookie-session keeps tokens in a cookie and cannot give a new session id.',
    )
  }
  return session as Session
}

/**
 * Runs a method of a session. Rejects with {@link UnavailableError} when the store fails or does not answer in
 * time.
 */
export function sessionCall(session: Session, method: 'regenerate' | 'save' | 'destroy'): Promise<void> {
  return storeCall((done) => session[method](done))
}

/**
 * Runs a callback function of a session store, in the way of {@link sessionCall}. Stores report errors in any
 * form.
 */
export async function storeCall<T = void>(
  run: (done: (error: unknown, result?: T) => void) => unknown,
): Promise<T> {
  const answer = new Promise<T>((resolve, reject) => {
    run((error, result) => (error ? reject(storeError(error)) : resolve(result as T)))
  })
  return within(answer, STORE_LIMIT_MS).catch((error: unknown) => {
    throw error instanceof UnavailableError ? error : storeError(error)
  })
}

/** The store's own error may quote the session, tokens included. */
export function storeError(error: unknown): UnavailableError {
  return new UnavailableError('The session store could not be reached.', summarise(error))
}
