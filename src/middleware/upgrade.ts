import { type IncomingMessage, ServerResponse } from 'node:http'
import { ForbiddenError, UnauthenticatedError } from '../errors.ts'
import { asError } from '../lib/cause.ts'
import { isCrossOrigin } from './cross-origin.ts'
import { UPGRADE } from './deny.ts'
import type { Request } from './handler.ts'
import type { CognitoAuth } from './request.ts'

/** A middleware of Express: express-session, `passport.session()`, `session()`, `bearer()`. */
export type UpgradeMiddleware = (req: never, res: never, next: (error?: unknown) => void) => unknown

/**
 * The caller of an upgrade request, such as a WebSocket's, which Express never sees. Runs the middlewares that recognise
 * callers, the same as for pages: `authenticateUpgrade(request, [expressSession, passport.session(), session({ userPool })])`.
 * A session counts only for a page of the app's own origin (RFC 6455 §10.2), which `origin` names where a proxy changes the
 * Host header. Rejects with UnauthenticatedError, ForbiddenError, or what a middleware gives to `next`; a socket that is
 * refused is yours to close.
 */
export async function authenticateUpgrade(
  request: IncomingMessage,
  middlewares: readonly UpgradeMiddleware[],
  { origin }: { origin?: string } = {},
): Promise<CognitoAuth> {
  const req = Object.assign(request as Request, { [UPGRADE]: true })
  const res = new ServerResponse(request)
  const refused = new Promise<never>((_, reject) => {
    // Nobody sends this response; a middleware that answers instead of going on has refused the caller.
    res.end = () => (reject(new UnauthenticatedError('A middleware refused the upgrade.')), res)
  })
  for (const middleware of middlewares) await Promise.race([run(middleware, req, res), refused])
  if (!req.cognito) throw new UnauthenticatedError()
  if (req.cognito.source === 'session' && isCrossOrigin(request, origin)) {
    throw new ForbiddenError('A page of another origin may not open a connection for the signed-in user.')
  }
  return req.cognito
}

function run(middleware: UpgradeMiddleware, req: Request, res: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (error?: unknown) =>
      error === undefined || error === null ? resolve() : reject(asError(error))
    const returned: unknown = middleware(req as never, res as never, next)
    Promise.resolve(returned).catch(reject)
  })
}
