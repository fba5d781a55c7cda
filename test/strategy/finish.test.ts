import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import type { Request, Response } from 'express'
import expressSession from 'express-session'
import type { CallbackError, CognitoStrategyOptions } from '../../src/index.ts'
import { signInOnLoginPage } from '../support/login-form.ts'
import { ana, Browser, location, startApp } from '../support/app.ts'
import { json, on } from './routes-app.ts'

/** Passport's custom callback, which shows all that the strategy says. */
const show = (_req: Request, res: Response) => (error: unknown, user: unknown, info: unknown) => {
  const fields = typeof info === 'object' && info !== null ? Object.entries(info) : []
  const told = fields.map(([name, value]) => [name, value instanceof Error ? value.name : (value ?? null)])
  res.json({ error: (error as Error | null)?.name ?? null, signedIn: Boolean(user), info: told })
}

async function outcome(verify?: CognitoStrategyOptions['verify'], path = '/login'): Promise<unknown> {
  let told: unknown
  await on({ callback: show, strategy: { verify } }, async (app) => {
    told = await (await new Browser(app).signIn(ana, path)).json()
  })
  return told
}

describe('what a finished sign-in tells the route', () => {
  test('is where the person wanted to go, and nothing when they named no place', async () => {
    const info = [['returnTo', '/files']]
    assert.deepEqual(await outcome(undefined, '/login?returnTo=/files'), {
      error: null,
      signedIn: true,
      info,
    })
    assert.deepEqual(await outcome(), { error: null, signedIn: true, info: [] })
  })

  test('is what the verify callback added, beside a returnTo that is ours', async () => {
    const verify: CognitoStrategyOptions['verify'] = (user, _req, done) =>
      done(null, user, { plan: 'gold', returnTo: 'https://evil.example/' })
    assert.deepEqual(await outcome(verify, '/login?returnTo=/files'), {
      error: null,
      signedIn: true,
      info: [
        ['plan', 'gold'],
        ['returnTo', '/files'],
      ],
    })
  })

  test('is why the verify callback refused: its own words, or a sentence that anybody may read', async () => {
    const own: CognitoStrategyOptions['verify'] = (_user, _req, done) =>
      done(null, false, { message: 'Closed.' })
    const refused = { error: null, signedIn: false }
    assert.deepEqual(await outcome(own), { ...refused, info: [['message', 'Closed.']] })
    assert.deepEqual(await outcome(() => false), {
      ...refused,
      info: [['message', 'You cannot sign in here.']],
    })
  })
})

describe('a sign-in that is not finished', () => {
  for (const status of [401, 403, 500]) {
    test(`because verify threw an error with the status ${status} is the error handler's, whatever the route does about failures`, () => {
      const fault = Object.assign(new Error('no database'), { status, reason: 'x', publicMessage: 'x' })
      const verify = () => Promise.reject(fault)
      return on({ strategy: { verify }, route: { failureRedirect: '/login-failed' } }, async (app) => {
        const answer = await new Browser(app).signIn()
        assert.equal(answer.status, status)
        assert.equal(answer.headers.get('location'), null)
        assert.equal((await json(answer)).message, 'no database')
      })
    })
  }

  test('because Cognito refused this app client is the error handler’s too: the person who tries again cannot help it', () =>
    on({ route: { failureRedirect: '/login-failed' } }, async (app) => {
      const browser = new Browser(app)
      const callback = await browser.callbackOf()
      app.local.fail('token', { status: 401, body: '{"error":"invalid_client"}' })
      const answer = await browser.open(callback)
      assert.equal(answer.status, 502)
      assert.equal(answer.headers.get('location'), null)
      assert.match((await json(answer)).message, /client_refused/)
    }))

  test('because it took too long is 503 when the session store cannot take its record away', async () => {
    class Store extends expressSession.MemoryStore {
      down = false
      override set(id: string, session: expressSession.SessionData, done?: (error?: unknown) => void) {
        if (this.down) done?.('store down')
        else super.set(id, session, done)
      }
    }
    const store = new Store()
    const app = await startApp({ store })
    try {
      const browser = new Browser(app)
      const callback = await browser.callbackOf()
      store.down = true
      mock.timers.enable({ apis: ['Date'], now: Date.now() + 11 * 60_000 })
      assert.equal((await browser.open(callback)).status, 503)
      assert.equal(app.local.requests.count('token'), 0)
      store.down = false
      assert.equal((await browser.open(callback)).status, 400)
    } finally {
      mock.timers.reset()
      await app.close()
    }
  })

  test('because prompt=none found nobody signed in at Cognito is a failure, 401, without a token request', async () => {
    const app = await startApp()
    try {
      const browser = new Browser(app)
      const login = new URL(location(await browser.open('/login')))
      const state = login.searchParams.get('state')
      const answer = await browser.open(`/callback?error=login_required&state=${state}`)
      assert.equal(answer.status, 401)
      assert.deepEqual(app.errors, [], 'a failure is no error')
      assert.equal(app.local.requests.count('token'), 0)
      assert.equal((await browser.open('/account')).status, 303)
    } finally {
      await app.close()
    }
  })

  test('because its ID token belongs to another one takes no finished one with it: its callback still leads to its page', async () => {
    const app = await startApp()
    try {
      const browser = new Browser(app)
      const finished = await browser.callbackOf(ana, '/login?returnTo=/files')
      await browser.open(finished)
      const [one, two] = [
        new URL(location(await browser.open('/login'))),
        new URL(location(await browser.open('/login'))),
      ]
      one.searchParams.set('nonce', two.searchParams.get('nonce') ?? '')
      const mixed = (await signInOnLoginPage(one.href, ana, browser.jar)).href
      assert.equal((await browser.open(mixed)).status, 502)
      assert.equal((app.errors.at(-1) as CallbackError).reason, 'nonce_mismatch')
      assert.equal(location(await browser.open(finished)), '/files')
      // The other pending one is given up: nobody can tell which of the two was tampered with.
      const other = (await signInOnLoginPage(two.href, ana, browser.jar)).href
      assert.equal((await browser.open(other)).status, 400)
    } finally {
      await app.close()
    }
  })
})
