import assert from 'node:assert/strict'
import { after, before, describe, mock, test } from 'node:test'
import type expressSession from 'express-session'
import { getAuth, session } from '../../src/index.ts'
import { ana, ben, Browser, startApp } from '../support/app.ts'
import { OpenStore, type SessionApp, startSessionApp } from './session-app.ts'

/** Runs with this process' clock moved. */
async function later(seconds: number, run: () => Promise<void>): Promise<void> {
  mock.timers.enable({ apis: ['Date'], now: Date.now() + seconds * 1000 })
  try {
    await run()
  } finally {
    mock.timers.reset()
  }
}

/** Cognito's own session ends, whatever its cookie is called; that of the app stays. */
function leaveCognito(browser: Browser, app: { local: { url: string } }): void {
  const url = new URL(app.local.url)
  for (const pair of browser.jar.header(url).split('; ')) {
    const name = pair.slice(0, pair.indexOf('='))
    if (name !== 'connect.sid') browser.jar.store(url, [`${name}=; Max-Age=0`])
  }
}

describe('what a sign-in leaves of the session before it', () => {
  const store = new OpenStore()
  let app: SessionApp
  before(async () => {
    app = await startSessionApp({
      expressSession: { store },
      routes: (express) =>
        express.get('/plant', (req, res) => {
          Object.assign(req.session, {
            roles: ['admin'],
            returnTo: 'https://evil.example',
            csrf: 'planted',
            cognitoTokens: { of: 'anybody', tokens: { idToken: 'x', accessToken: 'y' } },
            cognitoSignedInAt: 9e15,
          })
          Object.assign(req.session, { nested: JSON.parse('{"__proto__":{"admin":true}}') as object })
          res.send('planted')
        }),
    })
  })
  after(() => app.close())

  test('SE-02 nothing but what belongs to the sign-in survives it', async () => {
    const browser = new Browser(app)
    await browser.open('/plant')
    const id = store.idOf(browser.cookie())
    // As a store that an attacker can write to would give it back.
    store.rows[id] = (store.rows[id] ?? '').replace(
      '{',
      '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"passport":{"other":"planted"},',
    )
    assert.equal((await browser.signIn(ana)).status, 303)
    const row = store.row(browser.cookie())
    assert.deepEqual(Object.keys(row).sort(), [
      'cognitoSignIn',
      'cognitoSignedIn',
      'cognitoSignedInAt',
      'cookie',
      'passport',
    ])
    assert.deepEqual(Object.keys(row['passport'] as object), ['user'])
    const { of, at } = row['cognitoSignedInAt'] as { of: string; at: number }
    assert.equal(of, store.idOf(browser.cookie()))
    assert.equal(Math.abs(at - Date.now()) < 10_000, true)
    assert.doesNotMatch(JSON.stringify(row), /planted|evil|"admin":true/)
    assert.equal(({} as { admin?: unknown }).admin, undefined)
    assert.equal(store.rows[id], undefined)
  })

  test('SE-02 a planted user is nobody after somebody else signs in', async () => {
    const [victim, attacker] = [new Browser(app), new Browser(app)]
    await attacker.signIn(ben)
    await victim.open('/plant')
    const id = store.idOf(victim.cookie())
    const planted = { ...store.row(victim.cookie()), passport: store.row(attacker.cookie())['passport'] }
    store.rows[id] = JSON.stringify(planted)
    await victim.signIn(ana)
    const claims = (await (await victim.fetch('/account')).json()) as Record<string, string>
    assert.equal(claims['cognito:username'], 'ana')
    assert.doesNotMatch(JSON.stringify(store.row(victim.cookie())), /ben@example\.com/)
  })
})

describe('another person in the same browser', () => {
  test('SE-03 has a new session id and nothing of the person before: no tokens, no CSRF data, no credentials', async (t) => {
    const store = new OpenStore()
    const handles: (() => Promise<{ identityId: string }>)[] = []
    const app = await startApp({
      store,
      routes: (express) => {
        express.get('/csrf', (req, res) => {
          Object.assign(req.session, { csrf: 'csrf-of-ana' })
          handles.push(getAuth(req).credentials)
          res.send('ok')
        })
      },
    })
    t.after(() => app.close())
    const identity = async (browser: Browser) =>
      ((await (await browser.fetch('/identity')).json()) as { identityId: string }).identityId

    const browser = new Browser(app)
    await browser.signIn(ana)
    await browser.open('/csrf')
    const [cookie, id, anas] = [browser.cookie(), store.idOf(browser.cookie()), await identity(browser)]
    const before = store.row(cookie)['passport'] as { user: { sub: string; tokens: Record<string, string> } }

    leaveCognito(browser, app)
    await browser.signIn(ben)
    assert.notEqual(browser.cookie(), cookie)
    assert.equal(store.rows[id], undefined)
    const row = JSON.stringify(store.row(browser.cookie()))
    for (const text of [
      'csrf-of-ana',
      'ana@example.com',
      before.user.sub,
      ...Object.values(before.user.tokens),
    ])
      assert.ok(!row.includes(text), text.slice(0, 20))
    const bens = await identity(browser)
    assert.notEqual(bens, anas)
    // Whoever still holds the first person's handle gets that person's credentials, never the second's.
    assert.equal((await handles[0]?.())?.identityId, anas)
    const old = await new Browser(app).open('/account', { cookie: `connect.sid=${cookie}` })
    assert.equal(old.status, 303)
  })
})

describe('a session store that misbehaves', () => {
  class MoodyStore extends OpenStore {
    mood: 'well' | 'fails' | 'hangs' = 'well'
    /** Reads that still go well before the mood counts. */
    left = 0

    override get(id: string, done: (error: unknown, session?: expressSession.SessionData | null) => void) {
      if (this.mood === 'well' || this.left-- > 0) super.get(id, done)
      else if (this.mood === 'fails') done(new Error('10.0.0.7:6379 refused the password hunter2'))
    }
  }

  test('SE-07 a store that fails while refreshed tokens are saved is 503 with a generic body, and nobody is signed out', async (t) => {
    const store = new MoodyStore()
    const app = await startSessionApp({ expressSession: { store } })
    t.after(() => app.close())
    const browser = new Browser(app)
    await browser.signIn()
    await later(3_700, async () => {
      Object.assign(store, { mood: 'fails', left: 1 })
      const start = performance.now()
      const answer = await browser.fetch('/account')
      assert.ok(performance.now() - start < 1_000)
      assert.equal(answer.status, 503)
      assert.ok(answer.headers.get('retry-after'))
      assert.doesNotMatch(await answer.text(), /10\.0\.0\.7|hunter2|store/)
      store.mood = 'well'
      assert.equal((await browser.fetch('/account')).status, 200)
    })
  })

  test('SE-07 a store that fails at the start of a request never lets it through', async (t) => {
    const store = new MoodyStore()
    const app = await startSessionApp({ expressSession: { store } })
    t.after(() => app.close())
    const browser = new Browser(app)
    await browser.signIn()
    store.mood = 'fails'
    for (const path of ['/', '/account', '/login', '/callback', '/api/me']) {
      const answer = await browser.fetch(path)
      assert.ok(answer.status >= 500, path)
      assert.equal(answer.headers.get('location'), null)
    }
    store.mood = 'well'
    assert.equal((await browser.fetch('/account')).status, 200)
  })
})

describe('a damaged session row', () => {
  const store = new OpenStore()
  let app: SessionApp
  before(async () => (app = await startSessionApp({ expressSession: { store } })))
  after(() => app.close())

  type Row = Record<string, unknown> & {
    passport: { user: Record<string, unknown> & { tokens: Record<string, unknown> } }
  }
  const damages: [string, (row: Row) => void][] = [
    ['no user', (row) => Reflect.set(row, 'passport', {})],
    ['a word where Passport keeps its part', (row) => Reflect.set(row, 'passport', 'x')],
    ['null as the user', (row) => Reflect.set(row.passport, 'user', null)],
    ['an empty user', (row) => Reflect.set(row.passport, 'user', '')],
    ['tokens that are numbers', (row) => Reflect.set(row.passport.user, 'tokens', { idToken: 7, accessToken: 7 })],
    ['an ID token alone', (row) => delete row.passport.user.tokens['accessToken']],
    ['a refresh token of another type', (row) => Reflect.set(row.passport.user.tokens, 'refreshToken', [])],
  ] // prettier-ignore
  for (const [what, damage] of damages) {
    test(`SE-09 with ${what} is signed out: 401 for a script, sign-in for a page, and never 500`, async () => {
      for (const kind of ['fetch', 'open'] as const) {
        const browser = new Browser(app)
        await browser.signIn()
        const [id, row] = [store.idOf(browser.cookie()), store.row(browser.cookie()) as Row]
        damage(row)
        store.rows[id] = JSON.stringify(row)
        assert.equal((await browser[kind]('/account')).status, kind === 'fetch' ? 401 : 303)
        assert.doesNotMatch(store.rows[id] ?? '', /idToken/)
        assert.equal((await browser.signIn()).status, 303)
        assert.equal((await browser.open('/account')).status, 200)
      }
    })
  }

  const unreadable: Record<string, unknown>[] = [
    { idToken: 'x', accessToken: 'y' },
    { idToken: '..' },
    { idToken: 'a.bnVsbA.c' },
  ]
  for (const tokens of unreadable) {
    test(`SE-09 with ${JSON.stringify(tokens)} is signed out: 401 for a script, sign-in for a page, and never 500`, async () => {
      const browser = new Browser(app)
      await browser.signIn()
      const [id, row] = [store.idOf(browser.cookie()), store.row(browser.cookie()) as Row]
      Object.assign(row.passport.user.tokens, tokens)
      store.rows[id] = JSON.stringify(row)
      assert.equal((await browser.fetch('/account')).status, 401)
      assert.equal((await browser.open('/account')).status, 303)
      assert.equal((await browser.signIn()).status, 303)
      assert.equal((await browser.open('/account')).status, 200)
    })
  }

  const strays: [string, (row: Row) => void][] = [
    [
      'transactions that are none',
      (row) => Reflect.set(row, 'cognitoSignIn', [null, 7, 'x', { state: 7 }, []]),
    ],
    ['a word for transactions', (row) => Reflect.set(row, 'cognitoSignIn', 'x')],
    ['refreshed tokens that are none', (row) => Reflect.set(row, 'cognitoTokens', { of: {}, tokens: 'x' })],
    ['times of another type', (row) => Reflect.set(row, 'cognitoSignedInAt', 'yesterday')],
  ]
  for (const [what, damage] of strays) {
    test(`SE-09 with ${what} stays signed in and can sign in again`, async () => {
      const browser = new Browser(app)
      await browser.signIn()
      const [id, row] = [store.idOf(browser.cookie()), store.row(browser.cookie()) as Row]
      damage(row)
      store.rows[id] = JSON.stringify(row)
      assert.equal((await browser.open('/account')).status, 200)
      assert.equal((await browser.open('/callback?code=x&state=y')).status, 400)
      assert.equal((await browser.signIn()).status, 303)
    })
  }

  test('SE-09 members named __proto__ change no prototype', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const id = store.idOf(browser.cookie())
    store.rows[id] = (store.rows[id] ?? '').replaceAll('{', '{"__proto__":{"admin":true},')
    assert.ok([200, 303].includes((await browser.open('/account')).status))
    assert.equal(({} as { admin?: unknown }).admin, undefined)
  })

  test('SE-18 the session of a sign-in that was never finished opens nothing', async () => {
    const browser = new Browser(app)
    await browser.open('/login')
    assert.match(JSON.stringify(store.row(browser.cookie())), /codeVerifier/)
    assert.equal((await browser.fetch('/account')).status, 401)
    assert.equal(await (await browser.fetch('/')).text(), 'anonymous')
    const waiting = new Browser(app)
    await waiting.callbackOf()
    assert.equal((await waiting.fetch('/account')).status, 401)
  })

  const strangers: [string, (tokens: Record<string, unknown>, other: SessionApp) => Promise<void>][] = [
    ['another pool', async (tokens, other) => void Object.assign(tokens, { idToken: await other.local.issueToken({ tokenUse: 'id' }), accessToken: await other.local.issueToken({ tokenUse: 'access' }) })],
    ['another issuer', async (tokens) => void Object.assign(tokens, { idToken: await app.local.issueToken({ tokenUse: 'id', claims: { iss: 'https://evil.example' } }) })],
    ['another app client', async (tokens) => void Object.assign(tokens, { idToken: await app.local.issueToken({ tokenUse: 'id', claims: { aud: 'other' } }) })],
    ['another app client, in the access token', async (tokens) => void Object.assign(tokens, { accessToken: await app.local.issueToken({ tokenUse: 'access', claims: { client_id: 'other' } }) })],
    ['a version that named the tokens otherwise', async (tokens) => { Object.assign(tokens, { idToken: undefined, id_token: tokens['idToken'] }); return Promise.resolve() }],
  ] // prettier-ignore
  for (const [what, write] of strangers) {
    test(`SE-20 a row of ${what} is signed out, without a refresh`, async (t) => {
      const other = await startSessionApp()
      t.after(() => other.close())
      const browser = new Browser(app)
      await browser.signIn()
      const [id, row] = [store.idOf(browser.cookie()), store.row(browser.cookie()) as Row]
      await write(row.passport.user.tokens, other)
      store.rows[id] = JSON.stringify(row)
      app.local.requests.clear()
      assert.equal((await browser.fetch('/account')).status, 401)
      assert.equal(await (await browser.open('/')).text(), 'anonymous')
      assert.equal(app.local.requests.count('token'), 0)
    })
  }
})

describe('how long a sign-in lasts', () => {
  const store = new OpenStore()
  let app: SessionApp
  before(async () => {
    app = await startSessionApp({
      expressSession: { store, cookie: { maxAge: 30 * 60_000 }, rolling: true },
      session: { maxAgeSeconds: 12 * 3_600 },
    })
  })
  after(() => app.close())
  const tokenCalls = () => app.local.requests.count('token')

  test('SE-12 half an hour without a request ends it', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const id = store.idOf(browser.cookie())
    await later(29 * 60, async () => assert.equal((await browser.fetch('/account')).status, 200))
    await later(58 * 60, async () => assert.equal((await browser.fetch('/account')).status, 200))
    await later(58 * 60 + 1_801, async () => {
      app.local.requests.clear()
      assert.equal((await browser.fetch('/account')).status, 401)
      assert.equal((await browser.open('/account')).status, 303)
      assert.equal(store.rows[id], undefined)
      assert.equal(tokenCalls(), 0)
    })
  })

  test('SE-12 twelve hours of activity end it, refreshed tokens or not, and nothing is refreshed any more', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const id = store.idOf(browser.cookie())
    app.local.requests.clear()
    for (let minutes = 25; minutes < 12 * 60; minutes += 25)
      await later(minutes * 60, async () => {
        assert.equal((await browser.fetch('/account')).status, 200)
      })
    // Tokens last an hour, so every third request finds them expired.
    assert.equal(tokenCalls(), 9)
    app.local.requests.clear()
    await later(12 * 3_600 + 60, async () => {
      const answer = await browser.fetch('/account')
      assert.equal(answer.status, 401)
      assert.equal(((await answer.json()) as { error: string }).error, 'ERR_COGNITO_SESSION_ENDED')
      assert.equal((await browser.open('/account')).status, 303)
      assert.equal(store.rows[id], undefined)
      assert.equal(tokenCalls(), 0)
      leaveCognito(browser, app)
      assert.equal((await browser.signIn()).status, 303)
      assert.equal((await browser.fetch('/account')).status, 200)
    })
  })

  test('SE-12 where the strategy left no note, the time of the token counts', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const [id, row] = [store.idOf(browser.cookie()), store.row(browser.cookie())]
    const tokens = (row['passport'] as { user: { tokens: object } }).user.tokens
    for (const [hours, status] of [
      [11, 200],
      [13, 401],
    ] as const) {
      const authTime = Math.floor(Date.now() / 1000) - hours * 3_600
      Object.assign(tokens, {
        idToken: await app.local.issueToken({ tokenUse: 'id', claims: { auth_time: authTime } }),
      })
      store.rows[id] = JSON.stringify({ ...row, cognitoSignedInAt: undefined })
      assert.equal((await browser.fetch('/account')).status, status)
    }
  })

  test('the limit is a number of seconds', () => {
    for (const maxAgeSeconds of [0, -1, NaN, Number.POSITIVE_INFINITY, '12h'] as number[])
      assert.throws(() => session({ userPool: app.userPool, maxAgeSeconds }), /"maxAgeSeconds"/)
  })
})
