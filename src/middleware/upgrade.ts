import { type IncomingMessage, ServerResponse } from 'node:http'
import { ConfigurationError, ForbiddenError, UnauthenticatedError } from '../errors.ts'
import { assertKnownOptions } from '../lib/assert.ts'
import { asError } from '../lib/cause.ts'
import { isCrossOrigin, isFromElsewhere } from './cross-origin.ts'
import { UPGRADE } from './deny.ts'
import type { Request } from './handler.ts'
import type { CognitoAuth } from './request.ts'

/** A middleware of Express: express-session, `passport.session()`, `session()`, `bearer()`. */
export type UpgradeMiddleware = (req: never, res: never, next: (error?: unknown) => void) => unknown

/** What `authenticateUpgrade()` takes. */
export interface UpgradeOptions {
  /**
   * The origins whose pages may open a connection with the session of the user, as browsers write them
   * (`https://app.example.com`), compared whole. Default: the request's own host, whatever the scheme, because a proxy
   * that ends TLS leaves none to compare.
   */
  origin?: string | readonly string[] | undefined
}

/**
 * The caller of an upgrade request, such as a WebSocket's, which Express never sees. Runs the middlewares that recognise
 * callers, the same as for pages: `authenticateUpgrade(request, [expressSession, passport.session(), session({ userPool })])`.
 * A session counts only for a page of the app's own origin (RFC 6455 §10.2), which `origin` names where a proxy changes the
 * Host header. Rejects with UnauthenticatedError, ForbiddenError, ConfigurationError for wrong arguments, or what a
 * middleware gives to `next`; a socket that is refused is yours to close.
 */
export async function authenticateUpgrade(
  request: IncomingMessage,
  middlewares: readonly UpgradeMiddleware[],
  options: UpgradeOptions = {},
): Promise<CognitoAuth> {
  assertMiddlewares(middlewares)
  const origins = originsOf(options)
  const req = Object.assign(request as Request, { [UPGRADE]: true })
  const res = new ServerResponse(request)
  const refused = new Promise<never>((_, reject) => {
    // Nobody sends this response; a middleware that answers instead of going on has refused the caller.
    res.end = () => (reject(new UnauthenticatedError('A middleware refused the upgrade.')), res)
  })
  for (const middleware of middlewares) await Promise.race([run(middleware, req, res), refused])
  if (!req.cognito) throw new UnauthenticatedError()
  const foreign = origins ? isFromElsewhere(request, origins) : isCrossOrigin(request)
  if (req.cognito.source === 'session' && foreign) {
    throw new ForbiddenError('A page of another origin may not open a connection for the signed-in user.')
  }
  return req.cognito
}

function assertMiddlewares(middlewares: unknown): void {
  if (Array.isArray(middlewares) && middlewares.every((one) => typeof one === 'function')) return
  throw new ConfigurationError(
    'authenticateUpgrade takes the request and a list of middlewares: authenticateUpgrade(request, [bearer({ userPool })]).',
  )
}

function originsOf(options: UpgradeOptions): string[] | undefined {
  assertKnownOptions('authenticateUpgrade', options, ['origin'])
  const { origin } = options as UpgradeOptions
  if (origin === undefined) return undefined
  const origins: unknown[] = Array.isArray(origin) ? origin : [origin]
  if (origins.length > 0 && origins.every(isOrigin)) return origins
  throw new ConfigurationError(
    'authenticateUpgrade: "origin" must be an origin as browsers write it, for example "https://app.example.com", or a list of them.',
  )
}

function isOrigin(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value
}

function run(middleware: UpgradeMiddleware, req: Request, res: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (error?: unknown) =>
      error === undefined || error === null ? resolve() : reject(asError(error))
    const returned: unknown = middleware(req as never, res as never, next)
    Promise.resolve(returned).catch(reject)
  })
}
