import type { ServerResponse } from 'node:http'
import type { CallbackError } from '../errors.ts'

/** How one call of the strategy ends. */
export type Outcome =
  | { type: 'redirect'; url: string }
  | { type: 'success'; user: unknown; info: object }
  | { type: 'fail'; info: object; status: number }
  | { type: 'error'; error: Error }
  | { type: 'answer'; status: number; headers: Record<string, string> }

/** What Passport puts on its copy of the strategy, one of which ends each call. */
export interface Actions {
  success(user: unknown, info?: object): void
  fail(info?: object, status?: number): void
  redirect(url: string, status?: number): void
  error(error: unknown): void
}

/** Passport's failure options of a route: where one is set, the route says itself what to do about failures. */
export interface FailureOptions {
  failureRedirect?: unknown
  failureFlash?: unknown
  failureMessage?: unknown
  failWithError?: unknown
}

/**
 * Who did not sign in (401) is Passport's `fail`. The other client faults are too where the route says what to
 * do about failures; else they go to the app's error handler, where the developer sees the reason and the hint
 * instead of Passport's bare status text.
 */
export function unfinished(error: CallbackError, route: FailureOptions): Outcome {
  const { status, reason, publicMessage } = error
  const handled = route.failureRedirect ?? route.failureFlash ?? route.failureMessage ?? route.failWithError
  const fails = status === 401 || (status < 500 && Boolean(handled))
  // Passport shows the `message` to the user where it is told to.
  return fails
    ? { type: 'fail', info: { message: publicMessage, reason, error }, status }
    : { type: 'error', error }
}

/**
 * Ends the call, once. Passport calls the app's code from in here; what that throws belongs to Express' error
 * handler, and must neither end the call a second time nor end the process.
 */
export function deliver(actions: Actions, outcome: Outcome, req: object): void {
  try {
    if (outcome.type === 'redirect') actions.redirect(outcome.url, 303)
    else if (outcome.type === 'success') actions.success(outcome.user, outcome.info)
    else if (outcome.type === 'fail') actions.fail(outcome.info, outcome.status)
    else if (outcome.type === 'answer') answer(actions, outcome, req)
    else actions.error(outcome.error)
  } catch (error) {
    const { next } = req as { next?: (error: unknown) => void }
    if (typeof next !== 'function') throw error
    next(error)
  }
}

/** Passport has no word for an empty answer. Express has the response on the request; elsewhere `fail` comes near. */
function answer(
  actions: Actions,
  { status, headers }: Extract<Outcome, { type: 'answer' }>,
  req: { res?: ServerResponse },
): void {
  if (!req.res) return actions.fail({}, status)
  req.res.writeHead(status, headers).end()
}
