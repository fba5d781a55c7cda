import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, mock, test } from 'node:test'
import expressSession from 'express-session'
import { UnavailableError } from '../../src/index.ts'
import { ben, Browser, startApp, type TestApp } from '../support/app.ts'
import { rawRequest } from '../support/raw-request.ts'

/** Runs with this process' clock moved, so that tokens look expired here and are fresh when Cognito issues them anew. */
async function later(seconds: number, run: () => Promise<void>): Promise<void> {
  mock.timers.enable({ apis: ['Date'], now: Date.now() + seconds * 1000 })
  try {
    await run()
  } finally {
    mock.timers.reset()
  }
}

describe('session()', () => {
  let app: TestApp
  before(async () => (app = await startApp()))
  after(() => app.close())
  beforeEach(() => app.local.requests.clear())
  const tokenCalls = () => app.local.requests.count('token')

  test('an anonymous request goes on, with nothing recognised and no cookie', async () => {
    const answer = await new Browser(app).open('/')
    assert.equal(await answer.text(), 'anonymous')
    assert.equal(answer.headers.get('set-cookie'), null)
  })

  test('RF-02 100 concurrent requests that find the tokens expired refresh once and go on', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    app.local.requests.clear()
    await later(3_700, async () => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => browser.fetch('/account')))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      const tokens = new Set(
        await Promise.all(answers.map(async (answer) => ((await answer.json()) as { jti: string }).jti)),
      )
      assert.equal(tokens.size, 1)
      assert.equal(tokenCalls(), 1)
      assert.equal((await browser.fetch('/account')).status, 200)
      assert.equal(tokenCalls(), 1)
    })
  })

  test('the refreshed tokens are in the store before the handler runs', async () => {
    const store = new expressSession.MemoryStore()
    let stored = ''
    const own = await startApp({
      store,
      routes: (express) =>
        express.get('/stored', (req, res, next) => {
          store.get(req.sessionID, (error, row) => {
            stored = JSON.stringify(row)
            if (error) next(error)
            else res.json(req.cognito?.token)
          })
        }),
    })
    try {
      const browser = new Browser(own)
      await browser.signIn()
      await later(3_700, async () => {
        const token = (await (await browser.fetch('/stored')).json()) as string
        assert.ok(stored.includes(token))
      })
    } finally {
      await own.close()
    }
  })

  test('a request that read its session before the refresh was saved gets the refreshed tokens, without a second refresh', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const { sessions } = app.store as unknown as { sessions: Record<string, string> }
    const old = { ...sessions }
    app.local.requests.clear()
    await later(3_700, async () => {
      await browser.fetch('/account')
      // As if a slow request had written the session it read at first.
      Object.assign(sessions, old)
      assert.equal((await browser.fetch('/account')).status, 200)
      assert.equal(tokenCalls(), 1)
    })
  })

  test('when Cognito refuses the refresh token the session ends: a page goes to sign-in, an XHR gets 401', async () => {
    for (const kind of ['page', 'xhr']) {
      const browser = new Browser(app)
      await browser.signIn()
      const cookie = browser.cookie()
      app.local.fail('token', { status: 400, body: '{"error":"invalid_grant"}' }, { times: 1 })
      await later(3_700, async () => {
        const answer = await (kind === 'page' ? browser.open('/account') : browser.fetch('/account'))
        assert.equal(answer.status, kind === 'page' ? 303 : 401)
        if (kind === 'xhr') {
          assert.equal(((await answer.json()) as { error: string }).error, 'ERR_COGNITO_SESSION_ENDED')
        }
        const again = await new Browser(app).open('/account', { cookie: `connect.sid=${cookie}` })
        assert.equal(again.status, 303)
      })
    }
  })

  for (const fault of [{ status: 500 }, 'reset', 'garbage', 'throttle'] as const) {
    test(`when the refresh meets ${JSON.stringify(fault)} the answer is 503 and the sign-in goes on afterwards`, async () => {
      const browser = new Browser(app)
      await browser.signIn()
      const heal = app.local.fail('token', fault)
      await later(3_700, async () => {
        const answer = await browser.fetch('/account')
        assert.equal(answer.status, 503)
        assert.ok(answer.headers.get('retry-after'))
        assert.ok(app.errors.at(-1) instanceof UnavailableError)
      })
      heal()
      await later(3_702, async () => {
        assert.equal((await browser.fetch('/account')).status, 200)
      })
    })
  }

  test('when Cognito hangs the answer is 503 within the time limit', async () => {
    const own = await startApp({ userPool: { timeoutMs: 200 } })
    try {
      const browser = new Browser(own)
      await browser.signIn()
      own.local.fail('token', 'hang', { times: 1 })
      await later(3_700, async () => {
        assert.equal((await browser.fetch('/account')).status, 503)
      })
    } finally {
      await own.close()
    }
  })

  test('when the keys cannot be fetched the answer is 503 and the session stays', async () => {
    const own = await startApp()
    try {
      const browser = new Browser(own)
      const callback = await browser.callbackOf()
      const heal = own.local.fail('jwks', { status: 500 })
      assert.equal((await browser.open(callback)).status, 503)
      heal()
      await later(2, async () => {
        await browser.signIn()
        assert.equal((await browser.fetch('/account')).status, 200)
      })
    } finally {
      await own.close()
    }
  })

  test('tokens of another user pool in the session open nothing', async () => {
    const other = await startApp()
    try {
      const browser = new Browser(other)
      await browser.signIn()
      const theirs = Object.values(
        (other.store as unknown as { sessions: Record<string, string> }).sessions,
      ).find((row) => row.includes('idToken'))
      const mine = new Browser(app)
      await mine.signIn(ben)
      const { sessions } = app.store as unknown as { sessions: Record<string, string> }
      const id = Object.keys(sessions).find((key) =>
        decodeURIComponent(mine.cookie() ?? '').startsWith(`s:${key}.`),
      )
      sessions[id ?? ''] = theirs ?? ''
      assert.equal((await mine.open('/account')).status, 303)
    } finally {
      await other.close()
    }
  })

  test('altered tokens in the session end it', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const { sessions } = app.store as unknown as { sessions: Record<string, string> }
    const id =
      Object.keys(sessions).find((key) =>
        decodeURIComponent(browser.cookie() ?? '').startsWith(`s:${key}.`),
      ) ?? ''
    const row = JSON.parse(sessions[id] ?? '') as { passport: { user: { tokens: { idToken: string } } } }
    const { tokens } = row.passport.user
    const [header, , signature] = tokens.idToken.split('.')
    const forged = Buffer.from(
      JSON.stringify({
        ...(JSON.parse(Buffer.from(tokens.idToken.split('.')[1] ?? '', 'base64url').toString()) as object),
        sub: 'somebody else',
      }),
    ).toString('base64url')
    tokens.idToken = `${header}.${forged}.${signature}`
    sessions[id] = JSON.stringify(row)
    assert.equal((await browser.open('/account')).status, 303)
    assert.equal(sessions[id], undefined)
  })

  test('a sign-in whose tokens the serializer dropped is a configuration error, not a login loop', async () => {
    const own = await startApp({ strategy: { verify: ({ sub }) => ({ sub }) } })
    try {
      const browser = new Browser(own)
      await browser.signIn()
      assert.equal((await browser.open('/account')).status, 500)
      assert.match((own.errors.at(-1) as Error).message, /serializeUser/)
    } finally {
      await own.close()
    }
  })

  test('a refresh that is under way at sign-out brings nothing back', async () => {
    const own = await startApp({ userPool: { timeoutMs: 400 } })
    try {
      const browser = new Browser(own)
      await browser.signIn()
      own.local.requests.clear()
      await later(3_700, async () => {
        const heal = own.local.fail('token', 'hang')
        const waiting = browser.fetch('/account')
        while (own.local.requests.count('token') === 0) await new Promise((resolve) => setImmediate(resolve))
        assert.equal((await browser.post('/logout')).status, 303)
        heal()
        assert.equal((await waiting).status, 503)
        assert.equal((await browser.open('/account')).status, 303)
        const { sessions } = own.store as unknown as { sessions: Record<string, string> }
        assert.ok(!Object.values(sessions).some((row) => row.includes('idToken')))
      })
    } finally {
      await own.close()
    }
  })

  test('page and script are told apart by Fetch Metadata, and by Accept without it', async () => {
    const cases: [Record<string, string>, number][] = [
      [{ 'sec-fetch-mode': 'navigate', accept: '*/*' }, 303],
      [{ 'sec-fetch-mode': 'cors', accept: 'text/html' }, 401],
      [{ accept: 'text/html,application/xhtml+xml' }, 303],
      [{ accept: 'application/json' }, 401],
      [{ accept: '*/*' }, 401],
      [{}, 401],
      [{ accept: 'text/html', 'x-requested-with': 'XMLHttpRequest' }, 401],
    ]
    for (const [headers, status] of cases) {
      const answer = await rawRequest(new URL('/account', app.url), { headers })
      assert.equal(answer.status, status, JSON.stringify(headers))
    }
  })
})
