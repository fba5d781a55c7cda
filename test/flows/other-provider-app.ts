import type { NextFunction, Request, RequestHandler, Response } from 'express'
import expressSession from 'express-session'
import { createServer } from 'node:http'
import passport from 'passport'
import {
  CognitoStrategy,
  getAuth,
  requireAuth,
  session,
  UserPool,
  type UserPoolOptions,
} from '../../src/index.ts'
import { listen } from '../support/app.ts'
import express from '../support/express.ts'
import { publicClient, startOtherProvider, userPoolId } from './other-provider.ts'

/** Sign-in at another provider and one guarded page; the pool behind them can be changed between tests. */
export async function startSmallApp() {
  const server = createServer()
  const url = await listen(server)
  const callbackURL = `${url}/callback`
  const provider = await startOtherProvider(callbackURL)
  const usual: UserPoolOptions = {
    userPoolId,
    clientId: publicClient,
    issuer: provider.url,
    endpoint: provider.url,
    domain: provider.url,
  }
  let options = usual
  let userPool = new UserPool(usual)
  let lastUser: unknown
  const errors: unknown[] = []
  const authenticator = new passport.Passport()
  authenticator.serializeUser((user, done) => done(null, user))
  authenticator.deserializeUser((user: Express.User, done) => done(null, user))
  const usePool = (changes: Partial<UserPoolOptions>) => {
    options = { ...usual, ...changes }
    userPool = new UserPool(options)
    authenticator.use(new CognitoStrategy({ userPool, callbackURL }))
  }
  usePool({})
  const authenticate = (routeOptions = {}): RequestHandler =>
    authenticator.authenticate('cognito', routeOptions) as RequestHandler

  const app = express()
  app.use(
    expressSession({ secret: 'a secret of the tests, long enough', resave: false, saveUninitialized: false }),
  )
  app.use(authenticator.session() as RequestHandler)
  app.use((req, res, next) => session({ userPool })(req, res, next))
  app.get('/login', authenticate())
  app.get('/silent', authenticate({ prompt: 'none' }))
  app.get('/callback', authenticate(), (req, res) => {
    lastUser = req.user
    res.redirect(303, req.authInfo?.returnTo ?? '/')
  })
  app.get('/account', requireAuth({ loginURL: '/login' }), (req, res) => void res.json(getAuth(req).claims))
  app.use((error: { status?: number }, _: Request, res: Response, _next: NextFunction) => {
    errors.push(error)
    res.sendStatus(error.status ?? 500)
  })
  server.on('request', app as (req: unknown, res: unknown) => void)
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await provider.close()
  }
  const pools = { userPool: () => userPool, anotherPool: () => new UserPool(options) }
  return { url, callbackURL, provider, usePool, errors, lastUser: () => lastUser, ...pools, close }
}
