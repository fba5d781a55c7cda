import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RequestHandler, Express as ExpressApp, NextFunction, Request, Response } from 'express'
import expressSession from 'express-session'
import passport from 'passport'
import {
  bearer,
  CognitoError,
  CognitoStrategy,
  type CognitoStrategyOptions,
  getAuth,
  IdentityPool,
  type IdentityPoolOptions,
  logout,
  requireAuth,
  requireGroups,
  session,
  UserPool,
  type UserPoolOptions,
} from '../../src/index.ts'
import {
  type LocalClient,
  type LocalCognito,
  type LocalCognitoOptions,
  startLocalCognito,
} from '../../src/local/index.ts'
import { CookieJar, signInOnLoginPage } from './login-form.ts'
import { rawRequest } from './raw-request.ts'
import express from './express.ts'

export const ana = { username: 'ana', password: 'Passw0rd!', email: 'ana@example.com', groups: ['admin'] }
export const ben = { username: 'ben', password: 'Passw0rd!', email: 'ben@example.com' }

/** What a test may change of the usual app. */
export interface AppOptions {
  local?: LocalCognitoOptions
  /** Of the default app client. */
  client?: LocalClient
  userPool?: Partial<UserPoolOptions>
  identityPool?: Partial<IdentityPoolOptions>
  strategy?: Partial<CognitoStrategyOptions>
  store?: expressSession.Store
  /** Mounted after the usual middleware and before the routes. */
  routes?: (app: ExpressApp, pools: { userPool: UserPool; identityPool: IdentityPool }) => void
}

/** The app of the README on a local Cognito, both on free ports. */
export interface TestApp {
  url: string
  local: LocalCognito
  userPool: UserPool
  identityPool: IdentityPool
  store: expressSession.Store
  /** Errors that reached the app's error handler. */
  errors: unknown[]
  close(): Promise<void>
}

export async function startApp(options: AppOptions = {}): Promise<TestApp> {
  const server = createServer()
  const url = await listen(server)
  const local = await startLocalCognito({
    users: [ana, ben],
    groups: [{ name: 'admin' }],
    clients: [{ callbackURLs: [`${url}/callback`], logoutURLs: [`${url}/`], ...options.client }],
    ...options.local,
  })
  const userPool = new UserPool({ ...local.userPool, ...options.userPool })
  const identityPool = new IdentityPool({ ...local.identityPool, ...options.identityPool })
  const store = options.store ?? new expressSession.MemoryStore()
  const errors: unknown[] = []
  const app = express()
  mountSignIn(app, { url, userPool, identityPool, store, strategy: options.strategy })
  options.routes?.(app, { userPool, identityPool })
  mountRoutes(app, userPool)
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
  return { url, local, userPool, identityPool, store, errors, close }
}

interface SignInParts {
  url: string
  userPool: UserPool
  identityPool: IdentityPool
  store: expressSession.Store
  strategy?: Partial<CognitoStrategyOptions> | undefined
}

function mountSignIn(app: ExpressApp, { url, userPool, identityPool, store, strategy }: SignInParts): void {
  const authenticator = new passport.Passport()
  authenticator.use(new CognitoStrategy({ userPool, callbackURL: `${url}/callback`, ...strategy }))
  authenticator.serializeUser((user, done) => done(null, user))
  authenticator.deserializeUser((user: Express.User, done) => done(null, user))
  const secret = 'a test secret of more than thirty-two bytes'
  app.use(expressSession({ secret, store, resave: false, saveUninitialized: false }))
  app.use(authenticator.session() as RequestHandler)
  app.post('/logout', logout({ userPool, identityPool, returnTo: `${url}/` }))
  app.use(session({ userPool, identityPool }))
  app.get('/login', authenticator.authenticate('cognito') as RequestHandler)
  app.get('/callback', authenticator.authenticate('cognito') as RequestHandler, (req, res) =>
    res.redirect(303, req.authInfo?.returnTo ?? '/'),
  )
}

function mountRoutes(app: ExpressApp, userPool: UserPool): void {
  app.get('/', (req, res) => res.send(req.cognito ? 'signed in' : 'anonymous'))
  app.get('/account', requireAuth({ loginURL: '/login' }), (req, res) => {
    res.json(getAuth(req).claims)
  })
  app.get('/admin', requireAuth({ loginURL: '/login' }), requireGroups('admin'), (_req, res) =>
    res.send('admin'),
  )
  app.get('/identity', requireAuth(), async (req, res, next) => {
    try {
      const { identityId, accessKeyId } = await getAuth(req).credentials()
      res.json({ identityId, accessKeyId })
    } catch (error) {
      next(error)
    }
  })
  app.get('/api/me', bearer({ userPool }), (req, res) => {
    res.json({ sub: getAuth(req).claims.sub })
  })
}

/** Starts a server on a free loopback port and gives its base URL. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A person's browser on the test app: its own cookies, navigations, redirects left to the test. */
export class Browser {
  readonly jar = new CookieJar()
  readonly app: { url: string }

  constructor(app: { url: string }) {
    this.app = app
  }

  /** Opens a page as a navigation. */
  open(path: string, headers: Record<string, string> = {}): Promise<globalThis.Response> {
    const navigation = { accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    return this.#send(path, { ...navigation, ...headers })
  }

  /** Asks for data as a script of the app's own page. */
  fetch(path: string, headers: Record<string, string> = {}): Promise<globalThis.Response> {
    const script = { accept: 'application/json', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
    return this.#send(path, { ...script, ...headers })
  }

  post(path: string, headers: Record<string, string> = {}): Promise<globalThis.Response> {
    const form = {
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      'sec-fetch-site': 'same-origin',
    }
    return this.#send(path, { ...form, ...headers }, 'POST')
  }

  async #send(path: string, headers: Record<string, string>, method = 'GET'): Promise<globalThis.Response> {
    const url = new URL(path, this.app.url)
    const cookie = this.jar.header(url)
    const response = await rawRequest(url, { method, headers: { ...(cookie && { cookie }), ...headers } })
    this.jar.store(url, response.headers.getSetCookie())
    return response
  }

  /** The whole sign-in, through the login page. Gives the app's answer on the callback. */
  async signIn(
    user: { username: string; password: string; newPassword?: string } = ana,
    path = '/login',
  ): Promise<globalThis.Response> {
    return this.open(await this.callbackOf(user, path))
  }

  /** Signs in at Cognito and gives the callback URL, not yet opened. */
  async callbackOf(user: { username: string; password: string } = ana, path = '/login'): Promise<string> {
    const login = await this.open(path)
    return (await signInOnLoginPage(location(login), user, this.jar)).href
  }

  /** The raw value of a cookie of the app. */
  cookie(name = 'connect.sid'): string | undefined {
    return this.jar.get(new URL(this.app.url), name)
  }
}

/** Where an answer redirects to. Throws when it does not. */
export function location(response: globalThis.Response): string {
  const to = response.headers.get('location')
  if (to === null) throw new Error(`HTTP ${response.status} without Location`)
  return to
}
