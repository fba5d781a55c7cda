import { type Request, type RequestHandler, Router } from 'express'
import expressSession from 'express-session'
import passport from 'passport'
import {
  CognitoStrategy,
  type CognitoUser,
  type IdentityPool,
  logout,
  session,
  type UserPool,
} from 'passport-cognito-identity'
import type { Config } from '../config.ts'
import type { UpgradeGuest } from '../guests.ts'

declare module 'express-session' {
  interface SessionData {
    /** Shown once, on the next page. */
    notice: string
  }
}

interface SignInParts {
  userPool: UserPool
  identityPool: IdentityPool
  upgradeGuest: UpgradeGuest
}

/** Sessions, sign-in and sign-out. Everything after it finds signed-in visitors on `req.cognito`. */
export function signIn(config: Config, { userPool, identityPool, upgradeGuest }: SignInParts): Router {
  const { origin, sessionSecret, store } = config
  const router = Router()
  const authenticator = new passport.Passport() as passport.Authenticator<RequestHandler, RequestHandler>
  // The last moment at which the session of before the sign-in is there.
  const verify = (user: CognitoUser, req: Request) => upgradeGuest(req.session.guest, user)
  authenticator.use(new CognitoStrategy({ userPool, callbackURL: `${origin}/callback`, verify }))
  authenticator.serializeUser((user, done) => done(null, user))
  authenticator.deserializeUser((user: Express.User, done) => done(null, user))

  router.use(
    expressSession({
      secret: sessionSecret,
      ...(store && { store }),
      name: 'example.sid',
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax', secure: origin.startsWith('https:') },
    }),
  )
  router.use(authenticator.session())
  // Before session(): people can sign out while Cognito is down.
  router.post('/logout', logout({ userPool, identityPool, returnTo: `${origin}/` }))
  router.use(session({ userPool, identityPool }))
  router.use((req, res, next) => {
    const { claims, groups = [] } = req.cognito ?? {}
    if (claims) res.locals['viewer'] = { name: claims['name'] ?? claims['cognito:username'], groups }
    res.locals['path'] = req.path
    next()
  })

  router.get('/login', authenticator.authenticate('cognito'))
  router.get(
    '/callback',
    authenticator.authenticate('cognito', { failureRedirect: '/sign-in-failed' }),
    (req, res) => res.redirect(303, req.authInfo?.returnTo ?? '/account'),
  )
  router.get('/sign-in-failed', (_req, res) => {
    res.status(401).render('sign-in-failed', { title: 'Sign-in did not finish' })
  })
  return router
}
