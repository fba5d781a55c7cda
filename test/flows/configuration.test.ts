import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import type { Express as ExpressApp, NextFunction, Request, RequestHandler, Response } from 'express'
import cookieSession from 'cookie-session'
import expressSession from 'express-session'
import passport from 'passport'
import {
  bearer,
  type CognitoError,
  CognitoStrategy,
  ConfigurationError,
  getAuth,
  requireAuth,
  requireGroups,
  requireScopes,
  session,
  UserPool,
} from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, Browser, listen, startApp } from '../support/app.ts'
import express from '../support/express.ts'

let local: LocalCognito
let userPool: UserPool
let url: string
let errors: unknown[]
let handled: number
let close: () => Promise<void>

before(async () => {
  local = await startLocalCognito({
    users: [ana],
    clients: [{ callbackURLs: ['http://localhost:3000/callback'] }],
  })
  userPool = new UserPool(local.userPool)
})
after(() => local.close())
beforeEach(() => {
  local.requests.clear()
  ;[errors, handled] = [[], 0]
})
afterEach(() => close?.())

const withSession = () =>
  expressSession({
    secret: 'a test secret of more than thirty-two bytes',
    resave: false,
    saveUninitialized: false,
  })
const secretHandler: RequestHandler = (_req, res) => {
  handled += 1
  res.send('secret')
}

/** Serves an app that is wired as `mount` says; what reaches its error handler is kept in `errors`. */
async function serve(mount: (app: ExpressApp) => void): Promise<void> {
  const app = express()
  mount(app)
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    errors.push(error)
    const { status, publicMessage } = error as Partial<CognitoError>
    res.status(status ?? 500).send(publicMessage)
  })
  const server = createServer(app as never)
  url = await listen(server)
  close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

function signInRoutes(app: ExpressApp): void {
  const authenticator = new passport.Passport()
  authenticator.use(new CognitoStrategy({ userPool, callbackURL: 'http://localhost:3000/callback' }))
  app.get(['/login', '/callback'], authenticator.authenticate('cognito') as RequestHandler, secretHandler)
}

describe('CF-06 a session that is missing, late, or cannot be renewed', () => {
  const wirings: Record<string, [mount: (app: ExpressApp) => void, message: RegExp]> = {
    missing: [signInRoutes, /no req\.session\. Mount express-session before passport/],
    'mounted after the routes': [
      (app) => {
        signInRoutes(app)
        app.use(withSession())
      },
      /no req\.session\. Mount express-session before passport/,
    ],
    'that of cookie-session': [
      (app) => {
        app.use(cookieSession({ keys: ['a key of the cookie, long enough'] }))
        signInRoutes(app)
      },
      /cannot be renewed .*Use express-session/,
    ],
    'null, as when it was destroyed': [
      (app) => {
        app.use((req, _res, next) => {
          Object.assign(req, { session: null })
          next()
        })
        signInRoutes(app)
      },
      /no req\.session/,
    ],
  }
  for (const [how, [mount, message]] of Object.entries(wirings)) {
    test(`CF-06 a session that is ${how} is a ConfigurationError at every use, and Cognito is asked for nothing`, async () => {
      await serve(mount)
      for (const path of [
        '/login',
        '/callback?code=a&state=b',
        '/callback?error=access_denied&state=b',
        '/login',
      ]) {
        const response = await fetch(url + path, { redirect: 'manual' })
        assert.deepEqual([response.status, response.headers.get('location')], [500, null])
        assert.equal(response.headers.get('set-cookie'), null)
        assert.equal(await response.text(), 'The server is not set up correctly.')
        const error = errors.at(-1)
        assert.ok(error instanceof ConfigurationError, String(error))
        assert.match(error.message, message)
      }
      assert.deepEqual([errors.length, handled, local.requests.total()], [4, 0, 0])
    })
  }
})

test('CF-06 beside cookie-session pages stay open, guarded ones closed, and API callers are recognised', async () => {
  await serve((app) => {
    app.use(cookieSession({ keys: ['a key of the cookie, long enough'] }))
    app.use(new passport.Passport().session() as RequestHandler)
    app.use(session({ userPool }))
    app.get('/', (_req, res) => void res.send('open'))
    app.get('/account', requireAuth(), secretHandler)
    app.get('/api', bearer({ userPool }), (_req, res) => void res.send('api'))
  })
  const token = await local.issueToken({ tokenUse: 'access' })
  const status = async (path: string, headers = {}) => (await fetch(url + path, { headers })).status
  assert.deepEqual([await status('/'), await status('/account'), handled], [200, 401, 0])
  assert.equal(await status('/api', { authorization: `Bearer ${token}` }), 200)
})

describe('CF-09 an app that catches a configuration error and goes on', () => {
  const broken: Record<string, () => unknown> = {
    bearer: () => bearer({ userPool: undefined as never }),
    session: () => session({ userPool, identityPool: null as never }),
    requireAuth: () => requireAuth({ loginURL: '' }),
    requireGroups: () => requireGroups(),
    requireScopes: () => requireScopes(''),
  }
  for (const [name, make] of Object.entries(broken)) {
    test(`CF-09 ${name}() that threw leaves nothing that Express would mount`, async () => {
      let guard: unknown
      try {
        guard = make()
      } catch (error) {
        assert.ok(error instanceof ConfigurationError)
      }
      const app = express()
      assert.throws(() => app.use(guard as RequestHandler))
      assert.throws(() => app.get('/', guard as RequestHandler, secretHandler))
      await serve(() => undefined)
    })
  }

  test('CF-09 a configuration error of a request is one of every request: always 500, never the handler', async () => {
    await serve((app) => {
      app.use(likeSignedIn)
      // Wrong: passport.session() is missing, so the user of the session is never on the request.
      app.use(session({ userPool }))
      app.get('/account', requireAuth(), secretHandler)
      app.get('/open', secretHandler)
    })
    for (let count = 0; count < 20; count += 1) {
      for (const path of ['/account', '/open']) assert.equal((await fetch(url + path)).status, 500)
      assert.match((errors.at(-1) as Error).message, /session\(\) must come after passport\.session\(\)/)
    }
    assert.equal(handled, 0)
  })

  test('CF-09 keys that cannot be fetched are 503 at every request, never the handler', async (t) => {
    t.after(local.fail('jwks', { status: 500 }))
    const token = await local.issueToken({ tokenUse: 'access' })
    await serve((app) => {
      app.use(bearer({ userPool: new UserPool(local.userPool), required: false }))
      app.get('/api', secretHandler)
    })
    for (let count = 0; count < 20; count += 1) {
      const response = await fetch(`${url}/api`, { headers: { authorization: `Bearer ${token}` } })
      assert.equal(response.status, 503)
    }
    assert.equal(handled, 0)
  })

  test('CF-09 an error handler that goes on as if nothing had happened opens no guarded route', async () => {
    await serve((app) => {
      app.use(likeSignedIn)
      app.use(session({ userPool }))
      app.use((_error: unknown, _req: Request, _res: Response, next: NextFunction) => next())
      app.get('/auth', requireAuth(), secretHandler)
      app.get('/groups', requireGroups('admin'), secretHandler)
      app.get('/scopes', requireScopes('a/b'), secretHandler)
      app.get('/bearer', bearer({ userPool }), secretHandler)
      app.get('/get-auth', (req) => {
        getAuth(req)
        handled += 1
      })
    })
    for (const path of ['/auth', '/groups', '/scopes', '/bearer', '/get-auth'])
      assert.equal((await fetch(url + path)).status, 401, path)
    assert.equal(handled, 0)
  })
})

/** A request whose session names a user that nobody has put on it. */
const likeSignedIn: RequestHandler = (req, _res, next) => {
  Object.assign(req, { session: { passport: { user: { id: 1 } } } })
  next()
}

test('CF-05 a wrong option of one authenticate() call is a ConfigurationError, and no sign-in starts', async () => {
  const wrong: Record<string, unknown>[] = [
    { scope: 'email' },
    { scope: ['openid', 7] },
    { prompt: '' },
    { returnTo: null },
  ]
  for (const options of wrong) {
    const app = await startApp({
      routes: (own) => {
        const authenticator = new passport.Passport()
        authenticator.use(new CognitoStrategy({ userPool, callbackURL: 'http://localhost:3000/callback' }))
        own.get('/wrong', authenticator.authenticate('cognito', options) as RequestHandler)
      },
    })
    try {
      const response = await new Browser(app).open('/wrong')
      assert.deepEqual(
        [response.status, response.headers.get('location')],
        [500, null],
        JSON.stringify(options),
      )
      assert.ok(app.errors.at(-1) instanceof ConfigurationError)
      assert.match((app.errors.at(-1) as Error).message, new RegExp(`"${Object.keys(options)[0]}"`))
    } finally {
      await app.close()
    }
  }
})
