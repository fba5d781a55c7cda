import assert from 'node:assert/strict'
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import expressSession from 'express-session'
import passport from 'passport'
import * as original from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, Browser, listen, location } from '../support/app.ts'
import express from '../support/express.ts'

type Package = typeof original

const root = fileURLToPath(new URL('../..', import.meta.url))
const folders: string[] = []
let copies: Record<'original' | 'imported' | 'required', Package>

/** The package once more, as an app gets it whose dependencies do not agree on a version. */
async function copy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'copy-'))
  folders.push(folder)
  await cp(join(root, 'src'), join(folder, 'src'), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  return join(folder, 'src/index.ts')
}

before(async () => {
  const imported = (await import(pathToFileURL(await copy()).href)) as Package
  const required = createRequire(import.meta.url)(await copy()) as Package
  copies = { original, imported, required }
  // Else this tests one package with itself.
  assert.equal(new Set(Object.values(copies).map(({ UserPool }) => UserPool)).size, 3)
})
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

interface App {
  url: string
  local: LocalCognito
  userPool: original.UserPool
  errors: unknown[]
  close(): Promise<void>
}

/** The usual app, whose pool comes from one copy and whose middleware from another. */
async function start(nouns: Package, verbs: Package): Promise<App> {
  const server = createServer()
  const url = await listen(server)
  const clients = [{ callbackURLs: [`${url}/callback`], logoutURLs: [`${url}/`] }]
  const local = await startLocalCognito({ users: [ana], groups: [{ name: 'admin' }], clients })
  const userPool = new nouns.UserPool(local.userPool)
  const identityPool = new nouns.IdentityPool(local.identityPool)
  const authenticator = new passport.Passport()
  authenticator.use(new verbs.CognitoStrategy({ userPool, callbackURL: `${url}/callback` }))
  authenticator.serializeUser((user, done) => done(null, user))
  authenticator.deserializeUser((user: Express.User, done) => done(null, user))
  const app = express()
  const errors: unknown[] = []
  app.get('/api', verbs.bearer({ userPool }), (req, res) => res.json({ sub: nouns.getAuth(req).claims.sub }))
  app.use(
    expressSession({
      secret: 'a test secret of more than thirty-two bytes',
      resave: false,
      saveUninitialized: false,
    }),
  )
  app.use(authenticator.session() as RequestHandler)
  app.post('/logout', verbs.logout({ userPool, identityPool, returnTo: `${url}/` }))
  app.use(verbs.session({ userPool, identityPool }))
  app.get('/login', authenticator.authenticate('cognito') as RequestHandler)
  const finish = authenticator.authenticate('cognito', { failureRedirect: '/login-failed' }) as RequestHandler
  app.get('/callback', finish, (_, res) => res.redirect(303, '/'))
  app.get('/revoke', async (req, res) => {
    await userPool.revoke((req.user as original.CognitoUser).tokens)
    res.sendStatus(204)
  })
  app.get('/account', nouns.requireAuth({ loginURL: '/login' }), (req, res) =>
    res.json(verbs.getAuth(req).claims),
  )
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    errors.push(error)
    res.sendStatus((error as { status?: number }).status ?? 500)
  })
  server.on('request', app as (req: unknown, res: unknown) => void)
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await local.close()
  }
  return { url, local, userPool, errors, close }
}

async function bearerAnswers({ url, local, errors }: App): Promise<void> {
  const ask = async (token?: string) => {
    const response = await fetch(`${url}/api`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    })
    return [response.status, ((await response.json()) as { error?: string }).error]
  }
  const good = await local.issueToken({ tokenUse: 'access' })
  assert.deepEqual(await ask(good), [200, undefined])
  assert.deepEqual(await ask(), [401, 'ERR_COGNITO_UNAUTHENTICATED'])
  const expired = await local.issueToken({ tokenUse: 'access', expiresInSeconds: -1 })
  for (const token of [expired, 'a.b.c', await local.issueToken({ tokenUse: 'id' })])
    assert.deepEqual(await ask(token), [401, 'ERR_COGNITO_INVALID_TOKEN'])
  assert.deepEqual(errors, [])
}

async function browserAnswers(app: App): Promise<void> {
  const browser = new Browser(app)
  assert.equal((await browser.open('/account')).status, 303)
  assert.equal((await browser.signIn()).status, 303)
  assert.equal((await browser.open('/account')).status, 200)
  // A code that Cognito refuses is the browser's fault, whoever made the error.
  const other = new Browser(app)
  const callback = new URL(await other.callbackOf(ana))
  callback.searchParams.set('code', '00000000-0000-4000-8000-000000000000')
  assert.equal(location(await other.open(callback.href)), '/login-failed')
  assert.equal((await browser.post('/logout')).status, 303)
  assert.equal(location(await browser.open('/account')), '/login?returnTo=%2Faccount')
  assert.deepEqual(app.errors, [])
}

/** A refresh that Cognito refuses ends the session, and the page goes to sign in. */
async function endedAnswers(app: App, later: () => void): Promise<void> {
  const browser = new Browser(app)
  await browser.signIn()
  assert.equal((await browser.open('/revoke')).status, 204)
  later()
  assert.equal(location(await browser.open('/account')), '/login?returnTo=%2Faccount')
  assert.deepEqual(app.errors, [])
}

const names = ['original', 'imported', 'required'] as const
for (const nouns of names) {
  for (const verbs of names) {
    test(`CF-10 the ${nouns} copy’s pools and the ${verbs} copy’s middleware work together`, async (t) => {
      const app = await start(copies[nouns], copies[verbs])
      try {
        await bearerAnswers(app)
        await browserAnswers(app)
        await endedAnswers(app, () => t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 }))
      } finally {
        await app.close()
      }
    })
  }
}
