import { createServer } from 'node:http'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import expressSession from 'express-session'
import passport, { type AuthenticateOptions } from 'passport'
import {
  type CognitoAuthenticateOptions,
  type CognitoStrategyOptions,
  CognitoStrategy,
  UserPool,
} from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, listen } from '../support/app.ts'
import express from '../support/express.ts'

/** What a test may change of the two routes. */
export interface Wiring {
  strategy?: Partial<CognitoStrategyOptions>
  route?: AuthenticateOptions & CognitoAuthenticateOptions
  /** Replaces express-session. `null` mounts no session at all. */
  session?: RequestHandler | null
  /** Passport's custom callback. */
  callback?: (req: Request, res: Response) => (error: unknown, user: unknown, info: unknown) => void
}

/** A login and a callback route, and an error handler that says what reached it. */
export async function startRoutes(wiring: Wiring = {}) {
  const server = createServer()
  const url = await listen(server)
  const local = await startLocalCognito({ users: [ana], clients: [{ callbackURLs: [`${url}/callback`] }] })
  const authenticator = new passport.Passport()
  authenticator.use(
    new CognitoStrategy({
      userPool: new UserPool(local.userPool),
      callbackURL: `${url}/callback`,
      ...wiring.strategy,
    }),
  )
  authenticator.serializeUser((user, done) => done(null, user))
  const app = express()
  const secret = 'a test secret of more than thirty-two bytes'
  if (wiring.session !== null) {
    app.use(wiring.session ?? expressSession({ secret, resave: false, saveUninitialized: false }))
  }
  app.get('/login', authenticator.authenticate('cognito', wiring.route ?? {}) as RequestHandler)
  const { callback } = wiring
  const finish: RequestHandler = callback
    ? (req, res, next) =>
        (authenticator.authenticate('cognito', callback(req, res)) as RequestHandler)(req, res, next)
    : (authenticator.authenticate('cognito', wiring.route ?? {}) as RequestHandler)
  app.get('/callback', finish, (req, res) => res.json({ user: req.user, info: req.authInfo }))
  app.use((error: { status?: number } & Error, _req: Request, res: Response, _next: NextFunction) => {
    res.status(error.status ?? 500).json({ name: error.name, message: error.message })
  })
  server.on('request', app as (req: unknown, res: unknown) => void)
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await local.close()
  }
  return { url, local, close }
}

/** Runs a test on such an app and stops it. */
export async function on(
  wiring: Wiring,
  run: (app: { url: string; local: LocalCognito }) => Promise<void>,
): Promise<void> {
  const app = await startRoutes(wiring)
  try {
    await run(app)
  } finally {
    await app.close()
  }
}

type Answer = { user: Record<string, unknown>; info: Record<string, unknown>; name: string; message: string }
export const json = async (response: globalThis.Response) => (await response.json()) as Answer
