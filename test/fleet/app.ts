// One process of the fleet: the wiring of docs/scaling.md, and routes that say who asks. `FLEET` in the environment has its settings.
import { subscribe } from 'node:diagnostics_channel'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { RedisStore } from 'connect-redis'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import expressSession from 'express-session'
import passport from 'passport'
import {
  bearer,
  CognitoError,
  CognitoStrategy,
  type CognitoUser,
  getAuth,
  IdentityPool,
  logout,
  requireAuth,
  requireGroups,
  session,
  UserPool,
} from '../../src/index.ts'
import { redisStore } from '../../src/shared-store/redis.ts'
import express from '../support/express.ts'
import { connect } from './redis-client.ts'
import type { AppListening, AppOrder, AppReply, AppSettings } from './settings.ts'
import { shiftClock } from './shifted-clock.ts'

const settings = JSON.parse(process.env['FLEET'] ?? '') as AppSettings
shiftClock(settings.aheadMs, settings.pace)

const sessionClient = await connect(settings.sessions)
const storeClient = settings.store && (await connect(settings.store))
const store = storeClient && redisStore({ client: storeClient })
const shared = store && { store, sealingKey: settings.sealingKey }
const userPool = new UserPool({ ...settings.userPool, ...shared })
const identityPool = new IdentityPool({ ...settings.identityPool, ...shared })

const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
let inFlight = 0
let storeFailures = 0
subscribe('passport-cognito-identity:store', (event) => {
  if ((event as { type: string }).type === 'failed') storeFailures += 1
})
let ending = false
const app = express()
app.use((_req, res, next) => {
  inFlight += 1
  res.once('close', () => (inFlight -= 1))
  res.set('x-process', String(process.pid))
  // Or a connection that is kept alive keeps the process alive.
  if (ending) res.set('connection', 'close')
  next()
})
mountSignIn()
mountRoutes()
app.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
  if (!(error instanceof CognitoError) || res.headersSent) return next(error)
  const { code, status, headers, publicMessage } = error
  // For the figures of the tests; an app keeps it to its log.
  res.set('x-reason', error.message.replaceAll(/[^ -~]/g, ' '))
  res.status(status).set(headers).json({ error: code, message: publicMessage })
})

function mountSignIn(): void {
  passport.use(new CognitoStrategy({ userPool, callbackURL: `${settings.publicUrl}/callback` }))
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user: Express.User, done) => done(null, user))
  const sessions = expressSession({
    secret: 'a test secret of more than thirty-two bytes',
    store: new RedisStore({ client: sessionClient }),
    resave: false,
    saveUninitialized: false,
  })
  app.use((req, res, next) => {
    sessions(req, res, (error?: unknown) => {
      // It says so too when it could not touch the session of a request that has been answered.
      if (error && res.headersSent) return
      if (error) return void res.status(503).set({ 'retry-after': '1', 'x-reason': 'session store' }).end()
      next()
    })
  })
  app.use(passport.session() as RequestHandler)
  app.post('/logout', logout({ userPool, identityPool, returnTo: `${settings.publicUrl}/` }))
  app.use(session({ userPool, identityPool }))
  app.get('/login', passport.authenticate('cognito') as RequestHandler)
  app.get('/callback', passport.authenticate('cognito') as RequestHandler, (req, res) =>
    res.redirect(303, req.authInfo?.returnTo ?? '/'),
  )
}

function mountRoutes(): void {
  const names = (req: Request) => {
    const { claims } = getAuth(req)
    return { sub: claims.sub, username: claims['cognito:username'] ?? claims['username'] }
  }
  app.get('/', (req, res) => res.send(req.cognito ? 'signed in' : 'anonymous'))
  app.get('/account', requireAuth({ loginURL: '/login' }), (req, res) => {
    res.json(names(req))
  })
  app.get('/admin', requireAuth(), requireGroups('admin'), (req, res) => {
    res.json(names(req))
  })
  // For tests alone: an app keeps its users' tokens to itself.
  app.get('/tokens', requireAuth(), (req, res) => {
    const { accessToken, refreshToken } = (req.user as CognitoUser).tokens
    res.json({ ...names(req), accessToken, refreshToken })
  })
  app.get('/credentials', requireAuth(), (req, res, next) => {
    getAuth(req)
      .credentials()
      .then(({ identityId, accessKeyId, expiration }) =>
        res.json({ ...names(req), identityId, accessKeyId, expiration: expiration.getTime() }),
      )
      .catch(next)
  })
  app.get('/api/me', bearer({ userPool }), (req, res) => {
    res.json(names(req))
  })
}

const server = createServer(app)
process.on('SIGTERM', () => void shutDown(server))
process.on('message', (order: AppOrder) => {
  const reply: AppReply = { id: order.id, value: answer(order) }
  process.send?.(reply)
})
// No process outlives the test that started it.
process.once('disconnect', () => {
  if (server.listening) process.exit()
})
server.listen(0, '127.0.0.1', () => {
  const listening: AppListening = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  process.send?.(listening)
})

function answer(order: AppOrder): number {
  switch (order.type) {
    case 'shift':
      shiftClock(order.aheadMs, settings.pace)
      return order.aheadMs
    case 'inFlight':
      return inFlight
    case 'storeFailures':
      return storeFailures
    case 'heap':
      globalThis.gc?.()
      return process.memoryUsage().heapUsed
    case 'delay': {
      const p99 = delay.percentile(99) / 1e6
      delay.reset()
      return p99
    }
  }
}

/** Nothing that has come in is lost, and then nothing is left that keeps the process going. */
async function shutDown(server: Server): Promise<void> {
  ending = true
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  await closed
  await userPool.close()
  await identityPool.close()
  await Promise.all([userPool.close(), identityPool.close()])
  await store?.close()
  await store?.close()
  await Promise.all([sessionClient.close(), storeClient?.close()])
  process.disconnect()
}
