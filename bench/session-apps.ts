import express, { type Express, type RequestHandler } from 'express'
import openid from 'express-openid-connect'
import expressSession, { MemoryStore } from 'express-session'
import passport from 'passport'
import {
  CognitoStrategy,
  type CognitoUser,
  getAuth,
  IdentityPool,
  type IdentityPoolOptions,
  logout,
  memoryStore,
  requireAuth,
  session,
  UserPool,
} from 'passport-cognito-identity'
import type { LocalUserPoolOptions } from 'passport-cognito-identity/local'
import { BARE_ROUTE } from './contenders.ts'

/** What the apps need to know of their Cognito. Plain data: it is also passed to the process of the server. */
export interface SessionSetting {
  sub: string
  userPool: LocalUserPoolOptions
  identityPool: IdentityPoolOptions
  /** The app client of express-openid-connect, which must have a secret. */
  peer: LocalUserPoolOptions
}

/** Where the apps say that they are. Cognito and they only compare it; the sign-in goes where they really listen. */
export const APP_URL = 'http://localhost:3000'
const SECRET = 'a secret of the benchmark, of more than thirty-two bytes'

export const README_WIRING = 'the README: session() and requireAuth()'
export const WITH_STORE = 'the README, with a store'
export const PEER = 'express-openid-connect'
export const PASSPORT_ALONE = 'passport.session()'
/** All that no wiring of these two can go below: nothing of this package, and no tokens. */
export const PASSPORT_FLOOR = 'express-session and passport.session() alone, without tokens'
export const WITH_SESSION = 'passport.session() and session()'

/** How the guards answer somebody who is not signed in: as said to a script, or with the way to the login. */
export const anonymousStatus: Readonly<Record<string, number>> = {
  [README_WIRING]: 401,
  [WITH_STORE]: 401,
  [PASSPORT_FLOOR]: 401,
  [PEER]: 302,
}

/** Those that are compared over HTTP. Each has its guarded page at `/`. */
export function createSessionApps(setting: SessionSetting): Record<string, Express> {
  return {
    [BARE_ROUTE]: bareApp(setting),
    [README_WIRING]: readmeApp(setting, new MemoryStore()),
    [WITH_STORE]: readmeApp(withStore(setting), new MemoryStore()),
    [PASSPORT_FLOOR]: floorApp(setting, new MemoryStore()),
    [PEER]: peerApp(setting),
  }
}

/** Those that are compared in process: they know whoever has signed in at the README's app with the same store. */
export function createLayers(setting: SessionSetting, store: MemoryStore): Record<string, Express> {
  const userPool = new UserPool(setting.userPool)
  const identityPool = new IdentityPool(setting.identityPool)
  return {
    [BARE_ROUTE]: bareApp(setting),
    [PASSPORT_ALONE]: express()
      .use(...passportSession(userPool, store).middleware)
      .get('/', (req, res) => void res.json({ sub: (req.user as CognitoUser).sub })),
    [WITH_SESSION]: express()
      .use(...passportSession(userPool, store).middleware)
      .use(session({ userPool, identityPool }))
      .get('/', (req, res) => void res.json({ sub: getAuth(req).claims.sub })),
  }
}

/** Tokens that are kept in a store of their own are in no session, which express-session would hash at every request. */
function withStore({ userPool, ...setting }: SessionSetting): SessionSetting {
  return { ...setting, userPool: { ...userPool, ...{ store: memoryStore(), sealingKey: SECRET } } }
}

function bareApp({ sub }: SessionSetting): Express {
  return express().get('/', (_req, res) => void res.json({ sub }))
}

export function readmeApp({ userPool: options, ...setting }: SessionSetting, store: MemoryStore): Express {
  const userPool = new UserPool(options)
  const identityPool = new IdentityPool(setting.identityPool)
  const { middleware, authenticate } = passportSession(userPool, store)
  return express()
    .use(...middleware)
    .post('/logout', logout({ userPool, identityPool, returnTo: `${APP_URL}/` }))
    .use(session({ userPool, identityPool }))
    .get('/login', authenticate)
    .get('/callback', authenticate, (req, res) => res.redirect(req.authInfo?.returnTo ?? '/'))
    .get('/', requireAuth(), (req, res) => void res.json({ sub: getAuth(req).claims.sub }))
}

/** Signs in like the others, and then knows the name of the user only. */
function floorApp({ userPool }: SessionSetting, store: MemoryStore): Express {
  const { middleware, authenticate } = passportSession(new UserPool(userPool), store, ({ sub }) => ({ sub }))
  return express()
    .use(...middleware)
    .get('/login', authenticate)
    .get('/callback', authenticate, (_req, res) => res.redirect('/'))
    .get('/', (req, res) => void (req.user ? res.json(req.user) : res.sendStatus(401)))
}

function passportSession(
  userPool: UserPool,
  store: MemoryStore,
  serialize: (user: CognitoUser) => object = (user) => user,
): { middleware: RequestHandler[]; authenticate: RequestHandler } {
  const authenticator = new passport.Passport()
  authenticator.use(new CognitoStrategy({ userPool, callbackURL: `${APP_URL}/callback` }))
  authenticator.serializeUser((user, done) => done(null, serialize(user as CognitoUser)))
  authenticator.deserializeUser((user: Express.User, done) => done(null, user))
  return {
    middleware: [
      expressSession({ secret: SECRET, store, resave: false, saveUninitialized: false }),
      authenticator.session() as RequestHandler,
    ],
    authenticate: authenticator.authenticate('cognito') as RequestHandler,
  }
}

/** With its own defaults: the session is a cookie, encrypted, and written again at every answer. */
function peerApp({ peer }: SessionSetting): Express {
  const { clientId, clientSecret } = peer
  return express()
    .use(
      openid.auth({
        issuerBaseURL: peer.issuer,
        baseURL: APP_URL,
        clientID: clientId,
        clientSecret: clientSecret ?? '',
        secret: SECRET,
        authRequired: false,
        // Its default is the implicit flow with form_post, which Cognito does not have.
        authorizationParams: { response_type: 'code', response_mode: 'query', scope: 'openid email profile' },
      }),
    )
    .get('/', openid.requiresAuth(), (req, res) => void res.json({ sub: req.oidc.user?.['sub'] }))
}
