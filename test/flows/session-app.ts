import { createServer } from 'node:http'
import type { Express as ExpressApp, NextFunction, Request, RequestHandler, Response } from 'express'
import expressSession from 'express-session'
import passport from 'passport'
import {
  bearer,
  CognitoError,
  CognitoStrategy,
  type CognitoStrategyOptions,
  getAuth,
  logout,
  requireAuth,
  session,
  type SessionOptions,
  UserPool,
  type UserPoolOptions,
} from '../../src/index.ts'
import { type LocalCognito, type LocalCognitoOptions, startLocalCognito } from '../../src/local/index.ts'
import { ana, ben, listen } from '../support/app.ts'
import express from '../support/express.ts'

/** What a test may change: everything that decides about the session and its cookie. */
export interface SessionAppOptions {
  local?: LocalCognitoOptions
  userPool?: Partial<UserPoolOptions>
  strategy?: Partial<CognitoStrategyOptions>
  expressSession?: Partial<expressSession.SessionOptions>
  session?: Partial<SessionOptions>
  trustProxy?: boolean | number
  /** The largest request headers that Node takes, in bytes. */
  maxHeaderSize?: number
  /** Runs before everything else. */
  first?: RequestHandler
  /** Mounted before the routes. */
  routes?: (app: ExpressApp, authenticate: () => RequestHandler) => void
}

/** An app on a local Cognito whose session the test chooses. */
export interface SessionApp {
  url: string
  local: LocalCognito
  userPool: UserPool
  errors: unknown[]
  close(): Promise<void>
}

export async function startSessionApp(options: SessionAppOptions = {}): Promise<SessionApp> {
  const server = createServer({ maxHeaderSize: options.maxHeaderSize ?? 16_384 })
  const url = await listen(server)
  const client = { callbackURLs: [`${url}/callback`], logoutURLs: [`${url}/`] }
  const local = await startLocalCognito({ users: [ana, ben], clients: [client], ...options.local })
  const userPool = new UserPool({ ...local.userPool, ...options.userPool })
  const errors: unknown[] = []
  const app = express()
  if (options.trustProxy !== undefined) app.set('trust proxy', options.trustProxy)
  if (options.first) app.use(options.first)
  mountSignIn(app, { url, userPool, options })
  app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    errors.push(error)
    if (!(error instanceof CognitoError)) return next(error)
    const { code, status, headers, publicMessage } = error
    res.status(status).set(headers).json({ error: code, message: publicMessage })
  })
  server.on('request', app as (req: unknown, res: unknown) => void)
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await local.close()
  }
  return { url, local, userPool, errors, close }
}

type Parts = { url: string; userPool: UserPool; options: SessionAppOptions }

function mountSignIn(app: ExpressApp, { url, userPool, options }: Parts): void {
  const authenticator = new passport.Passport()
  authenticator.use(new CognitoStrategy({ userPool, callbackURL: `${url}/callback`, ...options.strategy }))
  authenticator.serializeUser((user, done) => done(null, user))
  authenticator.deserializeUser((user: Express.User, done) => done(null, user))
  const secret = 'a test secret of more than thirty-two bytes'
  app.use(expressSession({ secret, resave: false, saveUninitialized: false, ...options.expressSession }))
  app.use(authenticator.session() as RequestHandler)
  app.post('/logout', logout({ userPool, returnTo: `${url}/` }))
  app.use(session({ userPool, ...options.session }))
  const authenticate = () => authenticator.authenticate('cognito') as RequestHandler
  options.routes?.(app, authenticate)
  app.get('/', (req, res) => res.send(req.cognito ? 'signed in' : 'anonymous'))
  app.get('/login', authenticate())
  app.all('/callback', authenticate(), (req, res) => res.redirect(303, req.authInfo?.returnTo ?? '/'))
  app.get('/account', requireAuth({ loginURL: '/login' }), (req, res) => {
    res.json(getAuth(req).claims)
  })
  app.get('/api/me', bearer({ userPool }), (req, res) => {
    res.json({ sub: getAuth(req).claims.sub })
  })
}

/** A session store whose rows a test can read and change. */
export class OpenStore extends expressSession.MemoryStore {
  writes = 0

  get rows(): Record<string, string> {
    return (this as unknown as { sessions: Record<string, string> }).sessions
  }

  /** The id of the session that a browser's cookie names. */
  idOf(cookie: string | undefined): string {
    const value = decodeURIComponent(cookie ?? '')
    return Object.keys(this.rows).find((id) => value.startsWith(`s:${id}.`)) ?? ''
  }

  /** The session that a browser's cookie names. */
  row(cookie: string | undefined): Record<string, unknown> {
    return JSON.parse(this.rows[this.idOf(cookie)] ?? '{}') as Record<string, unknown>
  }

  override set(id: string, session: expressSession.SessionData, done?: (error?: unknown) => void): void {
    this.writes += 1
    super.set(id, session, done)
  }

  override touch(id: string, session: expressSession.SessionData, done?: () => void): void {
    this.writes += 1
    super.touch(id, session, done)
  }
}
