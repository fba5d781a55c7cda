import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { describe, mock, test } from 'node:test'
import type { RequestHandler } from 'express'
import expressSession from 'express-session'
import passport from 'passport'
import { authenticateUpgrade, type CognitoAuth, CognitoStrategy, session, UserPool } from '../../src/index.ts'
import { startLocalCognito } from '../../src/local/index.ts'
import { isStale } from '../../src/middleware/stale.ts'
import type { Claims } from '../../src/user-pool/claims.ts'
import { SigningKeys } from '../../src/user-pool/signing-keys.ts'
import { VerifiedTokens } from '../../src/user-pool/verified-tokens.ts'
import { ana, Browser, listen, startApp } from '../support/app.ts'
import express from '../support/express.ts'

describe('the end of what a sign-in may do', () => {
  test('a user whom isRevoked refuses after their tokens expired is signed out, not held at 503', async () => {
    let revoked = false
    const app = await startApp({ userPool: { isRevoked: () => revoked } })
    try {
      const browser = new Browser(app)
      await browser.signIn()
      revoked = true
      mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
      assert.equal((await browser.fetch('/account')).status, 401)
      app.local.requests.clear()
      assert.equal((await browser.fetch('/account')).status, 401)
      assert.equal(app.local.requests.count('token'), 0)
    } finally {
      mock.timers.reset()
      await app.close()
    }
  })

  test('maxAgeSeconds counts from the latest sign-in, also where Passport keeps the former session', async () => {
    const server = createServer()
    const url = await listen(server)
    const local = await startLocalCognito({ users: [ana], clients: [{ callbackURLs: [`${url}/callback`] }] })
    const userPool = new UserPool(local.userPool)
    const authenticator = new passport.Passport()
    authenticator.use(new CognitoStrategy({ userPool, callbackURL: `${url}/callback` }))
    authenticator.serializeUser((user, done) => done(null, user))
    authenticator.deserializeUser((user: Express.User, done) => done(null, user))
    const app = express()
    app.use(expressSession({ secret: 'x'.repeat(32), resave: false, saveUninitialized: false }))
    app.use(authenticator.session() as RequestHandler)
    app.use(session({ userPool, maxAgeSeconds: 600 }))
    const keep = authenticator.authenticate('cognito', { keepSessionInfo: true }) as RequestHandler
    app.get('/login', keep)
    app.get('/callback', keep, (_req, res) => res.json('signed in'))
    app.get('/who', (req, res) => res.json(req.cognito !== undefined))
    server.on('request', app as (req: unknown, res: unknown) => void)
    const at = async (seconds: number, run: () => Promise<void>) => {
      mock.timers.enable({ apis: ['Date'], now: Date.now() + seconds * 1000 })
      await run().finally(() => mock.timers.reset())
    }
    try {
      const browser = new Browser({ url })
      await browser.signIn()
      await at(500, async () => void (await browser.signIn()))
      await at(900, async () => assert.equal(await (await browser.fetch('/who')).json(), true))
      await at(1_200, async () => assert.equal(await (await browser.fetch('/who')).json(), false))
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await local.close()
    }
  })

  test('a token is not remembered when its key has left the JWKS in the meantime', () => {
    const keys = new SigningKeys('https://cognito.example.com', () => Promise.reject(new Error('not asked')))
    const tokens = new VerifiedTokens(keys, 10)
    tokens.set({
      token: 'token',
      claims: {} as Claims,
      key: {
        kid: 'gone',
        jwk: '{}',
        publicKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey,
      },
    })
    assert.equal(tokens.get('token'), undefined)
  })

  for (const wrong of [new Date(NaN), 'yesterday', 7]) {
    test(`staleBefore that gives ${String(wrong)} is 503, not a yes`, async () => {
      const auth = { claims: { iat: 1 } } as CognitoAuth
      await assert.rejects(
        isStale(auth, () => wrong as Date),
        { code: 'ERR_COGNITO_UNAVAILABLE' },
      )
    })
  }

  test('staleBefore that never answers is 503 after five seconds', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const auth = { claims: { iat: 1 } } as CognitoAuth
    const stale = isStale(auth, () => new Promise(() => undefined))
    const refused = assert.rejects(stale, { code: 'ERR_COGNITO_UNAVAILABLE', status: 503 })
    t.mock.timers.tick(5_000)
    await refused
  })

  test('staleBefore that calls every token outdated costs a request one refresh, and does not loop', async () => {
    const app = await startApp({
      routes: (routes, { userPool }) =>
        routes.get('/always', (req, res, next) => {
          delete req.cognito
          session({ userPool, staleBefore: () => new Date() })(req, res, next)
        }, (req, res) => res.json(req.cognito?.source)), // prettier-ignore
    })
    try {
      const browser = new Browser(app)
      await browser.signIn()
      app.local.requests.clear()
      for (let count = 1; count <= 3; count += 1) {
        assert.equal(await (await browser.fetch('/always')).json(), 'session')
        assert.ok(app.local.requests.count('token') <= count)
      }
    } finally {
      await app.close()
    }
  })

  test('an upgrade that a middleware answers instead of going on is refused, not left hanging', async () => {
    const request = { headers: {}, rawHeaders: [], method: 'GET' } as never
    const answering = (_req: never, res: { end(): void }) => res.end()
    await assert.rejects(authenticateUpgrade(request, [answering]), { status: 401 })
  })
})
