import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, mock, test } from 'node:test'
import type { RequestHandler } from 'express'
import expressSession from 'express-session'
import passport from 'passport'
import { type CognitoUser, CognitoStrategy, session, UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, ben, Browser, listen } from '../support/app.ts'
import express from '../support/express.ts'

/** What an app with its own user table keeps: the tokens beside its row, and the whole session when another user signs in. */
describe('a session that is carried on for another user', () => {
  let app: { url: string }
  let local: LocalCognito
  let close: () => Promise<void>

  before(async () => {
    const server = createServer()
    const url = await listen(server)
    local = await startLocalCognito({ users: [ana, ben], clients: [{ callbackURLs: [`${url}/callback`] }] })
    const userPool = new UserPool(local.userPool)
    const authenticator = new passport.Passport()
    authenticator.use(new CognitoStrategy({ userPool, callbackURL: `${url}/callback` }))
    authenticator.serializeUser((user, done) => {
      const { username, tokens } = user as Partial<CognitoUser>
      done(null, { username, tokens })
    })
    authenticator.deserializeUser((row: object, done) => done(null, { ...row }))
    const app5 = express()
    app5.use(expressSession({ secret: 'x'.repeat(32), resave: false, saveUninitialized: false }))
    app5.use(authenticator.session() as RequestHandler)
    app5.get('/local-login', (req, res, next) => {
      req.logIn({ username: 'carl' }, { session: true, keepSessionInfo: true }, (error: unknown) =>
        error ? next(error) : void res.json('carl'),
      )
    })
    app5.use(session({ userPool }))
    app5.get('/login', authenticator.authenticate('cognito') as RequestHandler)
    app5.get(
      '/callback',
      authenticator.authenticate('cognito', { keepSessionInfo: true }) as RequestHandler,
      (_req, res) => res.json('signed in'),
    )
    app5.get('/who', (req, res) => {
      const { username, tokens } = (req.user ?? {}) as Partial<CognitoUser>
      const subject = req.cognito?.claims['cognito:username']
      res.json({ user: username, cognito: subject, current: req.cognito?.token === tokens?.idToken })
    })
    server.on('request', app5 as (req: unknown, res: unknown) => void)
    app = { url }
    close = async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await local.close()
    }
  })
  after(() => close())

  const who = async (browser: Browser) => (await browser.fetch('/who')).json()
  const againAtCognito = (browser: Browser) =>
    browser.jar.store(new URL(app.url), [`cognito-${new URL(local.url).port}=; Max-Age=0`])

  /** Ana signs in and her tokens are refreshed, so that they are in a place of their own in the session. */
  async function anaWithRefreshedTokens(): Promise<Browser> {
    const browser = new Browser(app)
    await browser.signIn(ana)
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
    assert.deepEqual(await who(browser), { user: 'ana', cognito: 'ana', current: true })
    mock.timers.reset()
    assert.deepEqual(await who(browser), { user: 'ana', cognito: 'ana', current: true })
    return browser
  }

  test('is that other user alone when they sign in with Cognito', async () => {
    const browser = await anaWithRefreshedTokens()
    againAtCognito(browser)
    await browser.signIn(ben)
    assert.deepEqual(await who(browser), { user: 'ben', cognito: 'ben', current: true })
  })

  test('recognises nobody when the other user has no tokens', async () => {
    const browser = await anaWithRefreshedTokens()
    await browser.open('/local-login')
    assert.deepEqual(await who(browser), { user: 'carl', current: true })
  })
})
