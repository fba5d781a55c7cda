/**
 * The app of the README in a process of its own, with an operator who logs everything there is to log. The test that
 * starts it talks to it over IPC, so that stdout and stderr hold nothing but what the app and its packages print.
 */
import diagnostics from 'node:diagnostics_channel'
import { type ClientRequest, createServer } from 'node:http'
import { mock } from 'node:test'
import { inspect } from 'node:util'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import expressSession from 'express-session'
import passport from 'passport'
import {
  bearer,
  CognitoStrategy,
  getAuth,
  IdentityPool,
  type IdentityPoolOptions,
  logout,
  requireAuth,
  session,
  UserPool,
  type UserPoolOptions,
} from '../../src/index.ts'
import { listen } from '../support/app.ts'
import express from '../support/express.ts'

/** What the test says to the app. */
export type Order =
  | { wire: { userPool: UserPoolOptions; identityPool: IdentityPoolOptions } }
  | { later: number }
  | { storeDown: boolean }
  | { rows: true }

/** What the app says to the test; everything in `secrets` is a canary from then on. */
export interface Word {
  url?: string
  done?: true
  secrets?: Record<string, unknown>
  /** A URL that the app asked for, or a Referer that it sent. */
  asked?: string
  rows?: string
}

const say = (word: Word) => process.send?.(word)

/** A store whose error quotes what it was given, as some do. */
class Store extends expressSession.MemoryStore {
  down = false
  rows = () => JSON.stringify((this as unknown as { sessions: unknown }).sessions)
  override set(id: string, data: expressSession.SessionData, done?: (error?: unknown) => void): void {
    if (this.down) done?.(new Error(`cannot write ${JSON.stringify(data)}`))
    else super.set(id, data, done)
  }
}

const store = new Store()
const server = createServer()
const url = await listen(server)
const app = express()

/** Every way in which people print a value. As JSON the user is whole: it is what the session store gets. */
function log(label: string, value: unknown): void {
  console.log(label, value)
  console.log('%s %o %O', label, value, value)
  console.error(inspect(value, { depth: null, showHidden: true }))
  if (label !== 'user') console.error('%j', value)
}

function wire({ userPool: user, identityPool: identity }: Extract<Order, { wire: unknown }>['wire']): void {
  const userPool = new UserPool(user)
  const identityPool = new IdentityPool(identity)
  const strategy = new CognitoStrategy({ userPool, callbackURL: `${url}/callback` })
  passport.use(strategy)
  passport.serializeUser((account, done) => done(null, account))
  passport.deserializeUser((account: Express.User, done) => done(null, account))
  for (const [label, value] of Object.entries({ userPool, identityPool, strategy })) log(label, value)
  app.use(
    expressSession({
      secret: process.env['SESSION_SECRET'] ?? '',
      store,
      resave: false,
      saveUninitialized: false,
    }),
  )
  app.use(passport.session() as RequestHandler)
  app.post('/logout', logout({ userPool, identityPool, returnTo: `${url}/` }))
  app.use(session({ userPool, identityPool }))
  app.use((req, _res, next) => {
    const { cognitoSignIn } = (req.session ?? {}) as { cognitoSignIn?: unknown[] }
    const { tokens } = (req.user ?? {}) as { tokens?: object }
    say({ secrets: { ...tokens, ...(cognitoSignIn?.at(-1) as object) } })
    for (const [label, value] of Object.entries({ user: req.user, cognito: req.cognito })) log(label, value)
    next()
  })
  app.get('/login', passport.authenticate('cognito') as RequestHandler)
  app.get('/callback', passport.authenticate('cognito') as RequestHandler, (_req, res) => res.redirect('/'))
  app.get('/', (_req, res) => void res.send('home'))
  app.get('/account', requireAuth({ loginURL: '/login' }), (req, res) => void res.json(getAuth(req).claims))
  app.get('/identity', requireAuth(), (req: Request, res: Response, next: NextFunction) => {
    getAuth(req)
      .credentials()
      .then((credentials) => {
        log('credentials', credentials)
        const { accessKeyId, secretAccessKey, sessionToken } = credentials
        say({ secrets: { accessKeyId, secretAccessKey, sessionToken } })
        res.json({ identityId: credentials.identityId, credentials })
      })
      .catch(next)
  })
  app.get('/api/me', bearer({ userPool }), (req, res) => void res.json(getAuth(req)))
  app.use((error: unknown, _req: Request, _res: Response, next: NextFunction) => {
    log('error', error)
    next(error) // Express' own handler, which in development shows the stack to the client
  })
  server.on('request', app as (req: unknown, res: unknown) => void)
}

diagnostics.subscribe('undici:request:create', (message) => {
  const { request } = message as { request: { origin: string; path: string } }
  say({ asked: `${request.origin}${request.path}` })
})
diagnostics.subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: ClientRequest }
  say({ asked: `${request.path} ${String(request.getHeader('referer'))}` })
})

function later(seconds: number): void {
  const now = Date.now() + seconds * 1000
  mock.timers.reset()
  mock.timers.enable({ apis: ['Date'], now })
}

process.on('message', (order: Order) => {
  if ('wire' in order) wire(order.wire)
  else if ('later' in order) later(order.later)
  else if ('storeDown' in order) store.down = order.storeDown
  else say({ rows: store.rows() })
  say({ done: true })
})
say({ url })
