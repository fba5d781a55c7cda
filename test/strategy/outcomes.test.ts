import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Request, Response } from 'express'
import cookieSession from 'cookie-session'
import expressSession from 'express-session'
import { CallbackError, type CognitoStrategyOptions, ConfigurationError } from '../../src/index.ts'
import { ana, Browser, location } from '../support/app.ts'
import { json, on, startRoutes } from './routes-app.ts'

describe('the five outcomes of Passport', () => {
  test('success gives the user and, in authInfo, where they wanted to go', () =>
    on({}, async (app) => {
      const { user, info } = await json(await new Browser(app).signIn(ana, '/login?returnTo=/files'))
      assert.equal(user['username'], 'ana')
      assert.equal(user['email'], 'ana@example.com')
      assert.deepEqual(user['groups'], ['admin'])
      assert.deepEqual(Object.keys(user['tokens'] as object).sort(), [
        'accessToken',
        'idToken',
        'refreshToken',
      ])
      assert.deepEqual(info, { returnTo: '/files' })
    }))

  test('redirect carries the options of the route to the login page', () => {
    const route = {
      identityProvider: 'Google',
      idpIdentifier: 'example.com',
      lang: 'ja',
      loginHint: 'ana@example.com',
      prompt: 'login',
      scope: 'openid email',
    }
    return on({ route }, async (app) => {
      const { searchParams } = new URL(location(await new Browser(app).open('/login')))
      assert.deepEqual(
        ['identity_provider', 'idp_identifier', 'lang', 'login_hint', 'prompt', 'scope'].map((name) =>
          searchParams.get(name),
        ),
        ['Google', 'example.com', 'ja', 'ana@example.com', 'login', 'openid email'],
      )
    })
  })

  test('a returnTo of the route is used when the query has none', () =>
    on({ route: { returnTo: '/welcome' } }, async (app) => {
      assert.equal((await json(await new Browser(app).signIn())).info['returnTo'], '/welcome')
      assert.equal(
        (await json(await new Browser(app).signIn(ana, '/login?returnTo=/a'))).info['returnTo'],
        '/a',
      )
    }))

  test('fail follows failureRedirect, for a refusal and for a callback that cannot be finished', () =>
    on({ route: { failureRedirect: '/login-failed' } }, async (app) => {
      const browser = new Browser(app)
      const state = new URL(location(await browser.open('/login'))).searchParams.get('state') ?? ''
      for (const query of [`error=access_denied&state=${state}`, 'code=x&state=unknown']) {
        const answer = await browser.open(`/callback?${query}`)
        assert.equal(answer.status, 302)
        assert.equal(location(answer), '/login-failed')
      }
    }))

  test('error gives a callback that cannot be finished to the error handler, with the reason and a hint', () =>
    on({}, async (app) => {
      const answer = await new Browser(app).open('/callback?code=x&state=unknown')
      assert.equal(answer.status, 400)
      const { name, message } = await json(answer)
      assert.equal(name, CallbackError.name)
      assert.match(message, /transaction_missing.*cookie/)
    }))

  test("a custom callback of the route gets success, refusal and fault as Passport's do", () => {
    const callback = (_req: Request, res: Response) => (error: unknown, user: unknown, info: unknown) =>
      void res.json({
        error: (error as CallbackError | null)?.reason,
        user: Boolean(user),
        info: (info as CallbackError)?.reason,
      })
    return on({ callback }, async (app) => {
      assert.deepEqual(await (await new Browser(app).signIn()).json(), { user: true })
      const browser = new Browser(app)
      const state = new URL(location(await browser.open('/login'))).searchParams.get('state') ?? ''
      const denied = await browser.open(`/callback?error=access_denied&state=${state}`)
      assert.deepEqual(await denied.json(), { user: false, info: 'access_denied' })
      const lost = await browser.open('/callback?code=x&state=unknown')
      assert.deepEqual(await lost.json(), { error: 'state_mismatch', user: false })
    })
  })
})

describe('the verify callback', () => {
  const refused = { message: 'not on the list' }
  const accepting: [string, CognitoStrategyOptions['verify']][] = [
    ['a value', (user) => ({ ...user, role: 'buyer' })],
    ['a promise', async (user) => Promise.resolve({ ...user, role: 'buyer' })],
    ['done', (user, _req, done) => done(null, { ...user, role: 'buyer' })],
  ]
  for (const [form, verify] of accepting) {
    test(`may give the user as ${form}`, () =>
      on({ strategy: { verify } }, async (app) => {
        assert.equal((await json(await new Browser(app).signIn())).user['role'], 'buyer')
      }))
  }

  const refusing: [string, CognitoStrategyOptions['verify']][] = [
    ['false', () => false],
    ['a promise of nothing', async () => Promise.resolve(undefined)],
    ['done with false', (_user, _req, done) => done(null, false, refused)],
  ]
  for (const [form, verify] of refusing) {
    test(`refuses the user with ${form}: 401, and nobody is signed in`, () =>
      on({ strategy: { verify } }, async (app) => {
        const browser = new Browser(app)
        assert.equal((await browser.signIn()).status, 401)
      }))
  }

  const failing: [string, CognitoStrategyOptions['verify']][] = [
    ['throws', () => { throw new Error('no database') }], // prettier-ignore
    ['rejects', async () => Promise.reject(new Error('no database'))],
    ['gives done an error', (_user, _req, done) => done(new Error('no database'))],
    ['takes done and throws', (_user, _req, _done) => { throw new Error('no database') }], // prettier-ignore
    ['throws nothing at all', async () => Promise.reject(undefined)],
    [
      'takes done and rejects',
      async (_user: object, _req: object, _done: unknown) => Promise.reject(new Error('no database')),
    ],
  ]
  for (const [form, verify] of failing) {
    test(`that ${form} ends in the error handler`, () =>
      on({ strategy: { verify } }, async (app) => {
        const answer = await new Browser(app).signIn()
        assert.equal(answer.status, 500)
        assert.match((await json(answer)).message, /no database|not an Error/)
      }))
  }
})

describe('what the app throws in its own callback of the route', () => {
  test('reaches the error handler once, and the process lives', () => {
    let calls = 0
    const callback = () => (): never => {
      calls += 1
      throw new Error('a mistake in the app')
    }
    return on({ callback }, async (app) => {
      for (const run of [
        () => new Browser(app).open('/callback?code=x&state=y'),
        () => new Browser(app).signIn(),
      ]) {
        calls = 0
        const answer = await run()
        assert.equal(answer.status, 500)
        assert.equal((await json(answer)).message, 'a mistake in the app')
        assert.equal(calls, 1)
      }
    })
  })
})

describe('a wrong wiring', () => {
  test('without express-session the login says to mount it', () =>
    on({ session: null }, async (app) => {
      const answer = await new Browser(app).open('/login')
      assert.equal(answer.status, 500)
      const { name, message } = await json(answer)
      assert.equal(name, ConfigurationError.name)
      assert.match(message, /express-session/)
    }))

  test('with cookie-session the login says why it cannot be, before anyone is sent to Cognito', () =>
    on({ session: cookieSession({ keys: ['a key of the cookie, long enough'] }) }, async (app) => {
      const answer = await new Browser(app).open('/login')
      assert.equal(answer.status, 500)
      assert.match((await json(answer)).message, /cookie-session/)
    }))

  for (const method of ['destroy', 'set'] as const) {
    test(`a session store whose ${method} fails at sign-in is a 503`, () => {
      class Store extends expressSession.MemoryStore {
        down = false
        override set(id: string, session: expressSession.SessionData, done?: (error?: unknown) => void) {
          if (this.down && method === 'set') done?.('store down')
          else super.set(id, session, done)
        }
        override destroy(id: string, done?: (error?: unknown) => void) {
          if (this.down && method === 'destroy') done?.('store down')
          else super.destroy(id, done)
        }
      }
      const store = new Store()
      const session = expressSession({
        secret: 'x'.repeat(32),
        store,
        resave: false,
        saveUninitialized: false,
      })
      return on({ session }, async (app) => {
        const browser = new Browser(app)
        const callback = await browser.callbackOf()
        store.down = true
        assert.equal((await browser.open(callback)).status, 503)
      })
    })
  }

  test('a session that cannot be saved is a 503 and no redirect', () => {
    class BrokenStore extends expressSession.MemoryStore {
      override set(_id: string, _session: unknown, done?: (error?: unknown) => void) {
        done?.(new Error('store down'))
      }
    }
    const session = expressSession({
      secret: 'x'.repeat(32),
      store: new BrokenStore(),
      resave: false,
      saveUninitialized: false,
    })
    return on({ session }, async (app) => {
      assert.equal((await new Browser(app).open('/login')).status, 503)
    })
  })
})

describe('several strategies side by side', () => {
  let app: Awaited<ReturnType<typeof startRoutes>>
  before(async () => (app = await startRoutes({ strategy: { name: 'staff' } })))
  after(() => app.close())

  test('a strategy goes by the name it was given', async () => {
    // The routes name "cognito", which nobody registered.
    assert.equal((await new Browser(app).open('/login')).status, 500)
  })
})
