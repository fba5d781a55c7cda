import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import test, { type TestContext } from 'node:test'
import request from 'supertest'
import expressSession from 'express-session'
import passport from 'passport'
import { CognitoStrategy, getAuth, requireAuth, session, UserPool } from '../../src/index.ts'
import { signedInAgent, startLocalCognito } from '../../src/local/index.ts'
import express from '../support/express.ts'

const ana = { username: 'ana', password: 'Passw0rd!' }

async function stage(t: TestContext) {
  const local = await startLocalCognito({
    users: [
      ana,
      { username: 'carla', password: 'Temp0rary!', status: 'FORCE_CHANGE_PASSWORD' },
      { username: 'ben', password: 'Passw0rd!', phoneNumber: '+46700000001', mfa: { sms: true } },
    ],
    userPool: { mfaConfiguration: 'OPTIONAL', enabledMfas: ['SMS_MFA'] },
  })
  t.after(() => local.close())
  const userPool = new UserPool(local.userPool)
  const strategy = new CognitoStrategy({ userPool, callbackURL: 'http://localhost:3000/callback' })
  const authenticator = new passport.Passport()
  authenticator.use(strategy)
  authenticator.serializeUser((user, done) => done(null, user))
  authenticator.deserializeUser((user: Express.User, done) => done(null, user))
  const app = express()
  app.use(expressSession({ secret: 'x'.repeat(32), resave: false, saveUninitialized: false }))
  app.use(authenticator.session(), session({ userPool }))
  app.get('/enter', authenticator.authenticate('cognito'))
  app.get('/callback', authenticator.authenticate('cognito'), (_req, res) => res.redirect('/me'))
  app.get('/me', requireAuth(), (req, res) => void res.json({ sub: getAuth(req).claims.sub }))
  app.get('/nowhere', (_req, res) => void res.redirect('/me'))
  const server = createServer(app)
  t.after(() => server.close())
  const agent = () => request.agent(server)
  return { local, agent, loginPath: '/enter' }
}

test('an agent of supertest is signed in as the user who went through the login page', async (t) => {
  const { local, agent, loginPath } = await stage(t)
  const signedIn = await signedInAgent(agent(), ana, { loginPath })
  const { body } = await signedIn.get('/me').expect(200)
  assert.equal(typeof (body as { sub: unknown }).sub, 'string')
  assert.deepEqual(
    ['authorize', 'login', 'token'].map((operation) => local.requests.count(operation)),
    [1, 2, 1],
  )
  await agent().get('/me').expect(401)
})

test('a user with a temporary password chooses a new one on the way', async (t) => {
  const { agent, loginPath } = await stage(t)
  const carla = { username: 'carla', password: 'Temp0rary!', newPassword: 'Perman3nt!' }
  await (await signedInAgent(agent(), carla, { loginPath })).get('/me').expect(200)
})

test('a sign-in that does not get through says what the page says', async (t) => {
  const { agent, loginPath } = await stage(t)
  const wrong = signedInAgent(agent(), { ...ana, password: 'wrong' }, { loginPath })
  await assert.rejects(wrong, /it says: Sign in: Incorrect username or password\./)
  const asked = signedInAgent(agent(), { ...ana, username: 'ben' }, { loginPath })
  await assert.rejects(asked, /the login page does not let the user in; it says: Confirm that it is you/)
  await assert.rejects(signedInAgent(agent(), ana), /\/login does not lead to a login page: it answered 404/)
  const elsewhere = signedInAgent(agent(), ana, { loginPath: '/nowhere' })
  await assert.rejects(elsewhere, /\/nowhere does not lead to a login page: it answered 302/)
})
