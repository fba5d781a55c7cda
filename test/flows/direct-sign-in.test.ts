import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { after, before, describe, test } from 'node:test'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import expressSession from 'express-session'
import passport from 'passport'
import {
  type Challenge,
  type CognitoError,
  getAuth,
  IdentityPool,
  logout,
  requireAuth,
  session,
  type Tokens,
  UserPool,
} from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { Browser, listen } from '../support/app.ts'
import express from '../support/express.ts'
import { totp } from '../user-pool/sign-in/totp.ts'

const password = 'Passw0rd!'
const secretCode = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const sealingKey = 'a sealing key of more than thirty-two bytes'

/** One of several processes behind a load balancer: what they share is the session store and the sealing key. */
function createApp(local: LocalCognito, store: expressSession.Store) {
  const { domain: _, ...options } = local.userPool
  const userPool = new UserPool({ ...options, sealingKey })
  const identityPool = new IdentityPool(local.identityPool)
  const authenticator = new passport.Passport()
  authenticator.serializeUser((user, done) => done(null, user))
  authenticator.deserializeUser((user: Express.User, done) => done(null, user))
  const app = express()
  app.use(expressSession({ store, secret: 'x'.repeat(32), resave: false, saveUninitialized: false }))
  app.use(authenticator.session() as RequestHandler)
  app.post('/logout', logout({ userPool, identityPool, returnTo: 'http://localhost:3000/' }))
  app.use(session({ userPool, identityPool }))
  const finish = async (tokens: Tokens, req: Request, res: Response, next: NextFunction) => {
    const user = await userPool.user(tokens)
    req.login(user, (error?: unknown) => (error ? next(error) : res.json('signed in')))
  }
  const step =
    (run: (req: Request, res: Response, next: NextFunction) => Promise<void>): RequestHandler =>
    (req, res, next) =>
      void run(req, res, next).catch(next)
  app.post(
    '/sign-in',
    express.urlencoded({ extended: false }),
    step(async (req, res, next) => {
      const { username } = req.query as { username: string }
      const answer = await userPool.signIn({ username, password, binding: req.sessionID })
      if (answer.status === 'signed-in') return finish(answer.tokens, req, res, next)
      Object.assign(req.session, { challenge: answer.challenge })
      res.json(answer.challenge.name)
    }),
  )
  app.post(
    '/code',
    step(async (req, res, next) => {
      const { challenge } = req.session as { challenge?: Challenge }
      if (challenge?.name !== 'SOFTWARE_TOKEN_MFA') return void res.status(400).json('nothing was asked')
      const { code } = req.query as { code: string }
      const answer = await userPool.respond(challenge, { code }, { binding: req.sessionID })
      if (answer.status === 'signed-in') return finish(answer.tokens, req, res, next)
      res.json(answer.challenge.name)
    }),
  )
  app.get(
    '/who',
    requireAuth(),
    step(async (req, res) => {
      const { claims, credentials } = getAuth(req)
      res.json({ sub: claims.sub, identityId: (await credentials()).identityId })
    }),
  )
  app.use((error: CognitoError, _req: Request, res: Response, _next: NextFunction) => {
    res.status(error.status).set(error.headers).json(error.publicMessage)
  })
  return { app, userPool }
}

describe('an app with a login form of its own, on two processes', () => {
  let local: LocalCognito
  const servers: Server[] = []
  const urls: string[] = []
  before(async () => {
    local = await startLocalCognito({
      users: [
        { username: 'ana', password },
        { username: 'theo', password, mfa: { softwareToken: { secretCode } } },
      ],
      userPool: { mfaConfiguration: 'OPTIONAL' },
    })
    const store = new expressSession.MemoryStore()
    for (let index = 0; index < 2; index += 1) {
      const server = createServer(createApp(local, store).app as never)
      servers.push(server)
      urls.push(await listen(server))
    }
  })
  after(async () => {
    for (const server of servers) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
    await local.close()
  })
  const browser = () => new Browser({ url: urls[0] as string })
  /** The same browser, at the other process: the load balancer has no sticky sessions. */
  const elsewhere = (one: Browser) => Object.assign(one.app, { url: urls[1] as string })

  test('a sign-in without a challenge reaches pages and AWS credentials, is refreshed, and signs out without a managed login', async (t) => {
    const ana = browser()
    assert.equal((await ana.fetch('/who')).status, 401)
    assert.equal(await (await ana.post('/sign-in?username=ana')).json(), 'signed in')
    const who = (await (await ana.fetch('/who')).json()) as { identityId: string }
    assert.match(who.identityId, /^us-east-1:/)

    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
    assert.deepEqual(await (await ana.fetch('/who')).json(), who)
    assert.equal(local.requests.count('GetTokensFromRefreshToken'), 1)
    assert.equal(local.requests.count('token'), 0)
    t.mock.timers.reset()

    const answer = await ana.post('/logout')
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, 'http://localhost:3000/'])
    assert.equal(local.requests.count('RevokeToken'), 1)
    assert.equal((await ana.fetch('/who')).status, 401)
  })

  test('DS-10 while the code is pending nobody is signed in, and it may be given to another process', async () => {
    const theo = browser()
    assert.equal(await (await theo.post('/sign-in?username=theo')).json(), 'SOFTWARE_TOKEN_MFA')
    assert.equal((await theo.fetch('/who')).status, 401)
    elsewhere(theo)
    assert.equal((await theo.fetch('/who')).status, 401)
    const wrong = await theo.post('/code?code=000000')
    assert.deepEqual([wrong.status, await wrong.json()], [401, 'The code is wrong.'])
    assert.equal(await (await theo.post(`/code?code=${totp(secretCode)}`)).json(), 'signed in')
    assert.equal((await theo.fetch('/who')).status, 200)
  })

  test('DS-10 the challenge of another browser is none here', async () => {
    const theo = browser()
    await theo.post('/sign-in?username=theo')
    const stranger = browser()
    assert.equal((await stranger.post(`/code?code=${totp(secretCode, 1)}`)).status, 400)
    assert.equal((await stranger.fetch('/who')).status, 401)
  })
})
