import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, mock, test } from 'node:test'
import { type CognitoEvents, onEvent } from '../../src/index.ts'
import type { LocalClient } from '../../src/local/index.ts'
import { ana, type AppOptions, Browser, startApp, type TestApp } from '../support/app.ts'

/** Runs an app to its end. */
async function withApp(options: AppOptions, run: (app: TestApp) => Promise<void>): Promise<void> {
  const app = await startApp(options)
  try {
    await run(app)
  } finally {
    mock.timers.reset()
    await app.close()
  }
}

/** From here on this process' clock stands still, so many seconds from now. */
function setClock(seconds: number): void {
  mock.timers.reset()
  mock.timers.enable({ apis: ['Date'], now: Date.now() + seconds * 1000 })
}

type Row = { passport?: { user?: { tokens?: Record<string, string> } } }
const rowsOf = ({ store }: TestApp) => (store as unknown as { sessions: Record<string, string> }).sessions
/** The tokens that the store has for the only one who is signed in. */
const kept = (app: TestApp) =>
  Object.values(rowsOf(app))
    .map((row) => (JSON.parse(row) as Row).passport?.user?.tokens)
    .find((tokens) => tokens !== undefined)
const tokenCalls = ({ local }: TestApp) => local.requests.count('token')

async function errorOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: string }).error
}

const shortLived: LocalClient = { accessTokenValiditySeconds: 300, idTokenValiditySeconds: 300 }

describe('before the tokens expire', () => {
  test('RF-01 in their last minute they are refreshed once, and the new ones are saved before the handler runs', () => {
    let stored = ''
    const routes: AppOptions['routes'] = (express) =>
      express.get('/stored', (req, res, next) => {
        req.sessionStore.get(req.sessionID, (error, row) => {
          stored = JSON.stringify(row)
          if (error) next(error)
          else res.json(req.cognito?.token)
        })
      })
    return withApp({ routes }, async (app) => {
      const browser = new Browser(app)
      await browser.signIn()
      const before = kept(app)
      app.local.requests.clear()
      setClock(3_600 - 90)
      assert.equal(await (await browser.fetch('/stored')).json(), before?.['idToken'])
      assert.equal(tokenCalls(app), 0)
      setClock(3_600 - 30)
      const answers = await Promise.all(Array.from({ length: 20 }, () => browser.fetch('/stored')))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      assert.equal(tokenCalls(app), 1)
      const token = (await (await browser.fetch('/stored')).json()) as string
      assert.notEqual(token, before?.['idToken'])
      assert.ok(stored.includes(token))
      assert.equal(kept(app)?.['idToken'], token)
      assert.equal(tokenCalls(app), 1)
    })
  })

  test('a refresh that fails then holds nobody up: the old ones are still good, and it is tried again half a minute later', () =>
    withApp({ client: shortLived }, async (app) => {
      const browser = new Browser(app)
      await browser.signIn()
      app.local.requests.clear()
      const heal = app.local.fail('token', { status: 500 })
      for (const [seconds, calls] of [
        [245, 1],
        [250, 1],
        [274, 1],
        [276, 2],
      ] as const) {
        setClock(seconds)
        assert.equal((await browser.fetch('/account')).status, 200)
        assert.equal(tokenCalls(app), calls, `after ${seconds} s`)
      }
      setClock(301)
      assert.equal((await browser.fetch('/account')).status, 503)
      heal()
      setClock(303)
      assert.equal((await browser.fetch('/account')).status, 200)
    }))

  test('RF-12 tokens that live for five minutes are refreshed at most once in half of that', () =>
    withApp({ client: shortLived }, async (app) => {
      const browser = new Browser(app)
      await browser.signIn()
      const refreshes: number[] = []
      for (let seconds = 0; seconds < 1_800; seconds += 10) {
        setClock(seconds)
        app.local.requests.clear()
        assert.equal((await browser.fetch('/account')).status, 200)
        if (tokenCalls(app) > 0) refreshes.push(seconds)
        assert.ok(tokenCalls(app) <= 1)
      }
      assert.ok(refreshes.length >= 6, `${refreshes.length} refreshes in half an hour`)
      for (const [index, at] of refreshes.entries())
        assert.ok(at - (refreshes[index - 1] ?? 0) >= 150, refreshes.join())
    }))
})

describe('the refresh token', () => {
  for (const rotates of [true, false]) {
    const what = rotates ? 'that is replaced is never shown again' : 'that is not replaced is kept'
    test(`RF-04 ${what}`, () => {
      const shown: (string | null)[] = []
      const options: AppOptions = {
        client: rotates ? { refreshTokenRotation: {} } : {},
        userPool: {
          fetch: (url, init) => {
            const body = init.body as URLSearchParams | undefined
            if (body?.get('grant_type') === 'refresh_token') shown.push(body.get('refresh_token'))
            return fetch(url, init)
          },
        },
      }
      return withApp(options, async (app) => {
        const browser = new Browser(app)
        await browser.signIn()
        const first = kept(app)?.['refreshToken']
        for (const hours of [1, 2, 3]) {
          const before = kept(app)?.['refreshToken']
          setClock(hours * 3_700)
          const answers = await Promise.all(Array.from({ length: 5 }, () => browser.fetch('/account')))
          assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
          assert.equal(shown.at(-1), before)
          assert.equal(kept(app)?.['refreshToken'] === before, !rotates)
        }
        assert.equal(shown.length, 3)
        assert.equal(new Set(shown).size, rotates ? 3 : 1)
        assert.equal(shown[0], first)
      })
    })
  }

  for (const kind of ['page', 'script'] as const) {
    test(`RF-06 that Cognito refuses ends the session, and the credentials, after one request: a ${kind} is told`, () =>
      withApp({ client: shortLived }, async (app) => {
        const browser = new Browser(app)
        await browser.signIn()
        assert.equal((await browser.fetch('/identity')).status, 200)
        const heal = app.local.fail('token', { status: 400, body: '{"error":"invalid_grant"}' })
        app.local.requests.clear()
        setClock(310)
        const answer = await (kind === 'page' ? browser.open('/account') : browser.fetch('/account'))
        if (kind === 'page') {
          assert.equal(answer.status, 303)
          assert.equal(answer.headers.get('location'), '/login?returnTo=%2Faccount')
        } else {
          assert.equal(answer.status, 401)
          assert.equal(await errorOf(answer), 'ERR_COGNITO_SESSION_ENDED')
        }
        assert.equal((await browser.fetch('/account')).status, 401)
        assert.equal(tokenCalls(app), 1)
        assert.equal(kept(app), undefined)
        // What was cached of the user, for fifty minutes more, is gone.
        heal()
        await browser.signIn()
        assert.equal((await browser.fetch('/identity')).status, 200)
        assert.equal(app.local.requests.count('GetCredentialsForIdentity'), 1)
      }))
  }
})

describe('what a refresh brings', () => {
  type Claims = Record<string, unknown>
  const strangers: [string, string, (before: Claims) => Claims][] = [
    ['another user', 'claims', () => ({ sub: 'somebody-else' })],
    ['another issuer', 'issuer', () => ({ iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other' })],
    ['another app client', 'client', () => ({ aud: 'other', client_id: 'other' })],
    ['an earlier time', 'claims', ({ iat }) => ({ iat: Number(iat) - 120 })],
  ] // prettier-ignore
  for (const [what, reason, change] of strangers) {
    test(`RF-08 of ${what} ends the session, with an event, and nothing of it is kept`, () =>
      withApp({}, async (app) => {
        const browser = new Browser(app)
        await browser.signIn()
        const before = (await (await browser.fetch('/account')).json()) as Claims
        setClock(3_700)
        const claims = change(before)
        const token = (tokenUse: 'id' | 'access') =>
          app.local.issueToken({ username: 'ana', tokenUse, claims })
        const [id, access] = [await token('id'), await token('access')]
        const body = { id_token: id, access_token: access, token_type: 'Bearer', refresh_token: 'theirs' }
        app.local.fail('token', { status: 200, body: JSON.stringify(body) })
        app.local.requests.clear()
        const heard: CognitoEvents['refresh'][] = []
        const end = onEvent('refresh', (event) => heard.push(event))
        const answer = await browser.fetch('/identity')
        end()
        assert.equal(answer.status, 401)
        assert.equal(await errorOf(answer), 'ERR_COGNITO_SESSION_ENDED')
        assert.deepEqual(
          heard.map(({ type, error, reason: why }) => [type, error, why]),
          [['ended', 'ERR_COGNITO_SESSION_ENDED', reason]],
        )
        const rows = JSON.stringify(rowsOf(app))
        for (const part of [id, access, 'theirs', before['sub'] as string]) assert.ok(!rows.includes(part))
        assert.equal((await browser.fetch('/account')).status, 401)
        assert.equal(tokenCalls(app), 1)
        assert.equal(app.local.requests.count('GetId'), 0)
      }))
  }

  test('RF-09 with a bad signature is not saved: 503, the old tokens stay, and they are refreshed afterwards', () =>
    withApp({}, async (app) => {
      const browser = new Browser(app)
      await browser.signIn()
      setClock(3_700)
      const token = async (tokenUse: 'id' | 'access') => {
        const good = await app.local.issueToken({ username: 'ana', tokenUse })
        const [header, payload, signature = ''] = good.split('.')
        return `${header}.${payload}.${[...signature].reverse().join('')}`
      }
      const body = { id_token: await token('id'), access_token: await token('access'), token_type: 'Bearer' }
      const heal = app.local.fail('token', { status: 200, body: JSON.stringify(body) })
      const before = kept(app)
      app.local.requests.clear()
      const answers = await Promise.all(Array.from({ length: 5 }, () => browser.fetch('/account')))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([503]))
      assert.ok(answers[0]?.headers.get('retry-after'))
      assert.deepEqual(kept(app), before)
      assert.equal(tokenCalls(app), 1)
      heal()
      setClock(3_702)
      assert.equal((await browser.fetch('/account')).status, 200)
    }))

  /** An answer of the token endpoint without an ID token, while this runs. */
  async function withoutIdToken(app: TestApp): Promise<void> {
    const access = await app.local.issueToken({ username: 'ana', tokenUse: 'access' })
    app.local.fail('token', {
      status: 200,
      body: JSON.stringify({ access_token: access, token_type: 'Bearer' }),
    })
    app.local.requests.clear()
  }

  test('RF-10 without an ID token leaves the old one in place while it is good, for credentials too', () =>
    withApp({ client: { accessTokenValiditySeconds: 300 } }, async (app) => {
      const browser = new Browser(app)
      await browser.signIn()
      const before = kept(app)
      setClock(310)
      await withoutIdToken(app)
      assert.equal((await browser.fetch('/account')).status, 200)
      assert.equal(kept(app)?.['idToken'], before?.['idToken'])
      assert.notEqual(kept(app)?.['accessToken'], before?.['accessToken'])
      assert.equal((await browser.fetch('/identity')).status, 200)
      assert.equal(tokenCalls(app), 1)
    }))

  test('RF-10 without an ID token ends the session when the old one has expired, and nobody gets credentials', () =>
    withApp({ client: shortLived }, async (app) => {
      const browser = new Browser(app)
      await browser.signIn()
      setClock(310)
      await withoutIdToken(app)
      const answer = await browser.fetch('/identity')
      assert.equal(answer.status, 401)
      assert.equal(await errorOf(answer), 'ERR_COGNITO_SESSION_ENDED')
      assert.equal((await browser.fetch('/account')).status, 401)
      assert.equal(tokenCalls(app), 1)
      assert.equal(app.local.requests.count('GetCredentialsForIdentity'), 0)
    }))
})

describe('RF-11 a clock that differs from Cognito’s by ten minutes', () => {
  /** What the process warns of while something runs. */
  async function skewWarnings(run: () => Promise<void>): Promise<string[]> {
    const warnings: Error[] = []
    const note = (warning: Error) => warnings.push(warning)
    process.on('warning', note)
    try {
      await run()
      await new Promise((resolve) => setImmediate(resolve))
    } finally {
      process.off('warning', note)
    }
    return warnings.filter(({ name }) => name === 'ClockSkewWarning').map(({ message }) => message)
  }

  test('RF-11 and is ahead, so that tokens look expired on arrival: a refresh every half minute, 503, and one warning', () =>
    withApp({ client: shortLived }, async (app) => {
      const browser = new Browser(app)
      await browser.signIn()
      app.local.clock.advance(-600)
      app.local.requests.clear()
      const warnings = await skewWarnings(async () => {
        for (let seconds = 0; seconds < 120; seconds += 5) {
          setClock(310 + seconds)
          const answers = await Promise.all(Array.from({ length: 5 }, () => browser.fetch('/account')))
          assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([503]))
          assert.equal(answers[0]?.headers.get('retry-after'), '30')
          assert.equal(tokenCalls(app), 1 + Math.floor(seconds / 30), `after ${seconds} s`)
        }
      })
      assert.equal(warnings.length, 1)
      assert.match(
        warnings[0] ?? '',
        /^The clock of this machine is (?:59\d|60\d) seconds ahead of that of Cognito \(user pool \S+\): .* NTP\.$/,
      )
      // The clock is put right: nobody was signed out.
      app.local.clock.advance(600)
      setClock(460)
      assert.equal((await browser.fetch('/account')).status, 200)
    }))

  test('RF-11 and is behind: tokens are refreshed as ever, once in their life, with one warning', () =>
    withApp({ client: shortLived }, async (app) => {
      const browser = new Browser(app)
      app.local.clock.advance(600)
      const warnings = await skewWarnings(async () => {
        await browser.signIn()
        app.local.requests.clear()
        for (let seconds = 0; seconds < 300; seconds += 10) {
          setClock(seconds)
          assert.equal((await browser.fetch('/account')).status, 200)
        }
      })
      assert.ok(tokenCalls(app) <= 1)
      assert.equal(warnings.length, 1)
      assert.match(
        warnings[0] ?? '',
        /^The clock of this machine is (?:59\d|60\d) seconds behind that of Cognito/,
      )
    }))

  test('RF-11 as direct sign-in and the managed login find it: one warning for all of them', () =>
    withApp({}, async (app) => {
      app.local.clock.advance(-600)
      const warnings = await skewWarnings(async () => {
        const { username, password } = ana
        for (let round = 0; round < 2; round += 1) await app.userPool.signIn({ username, password })
        await new Browser(app).signIn()
      })
      assert.equal(warnings.length, 1)
    }))
})

describe('who waits for a refresh', () => {
  test('RF-13 and goes away leaves it to be completed and saved', () => {
    let asked = (): void => undefined
    let proceed = (): void => undefined
    const underWay = new Promise<void>((resolve) => (asked = resolve))
    const gate = new Promise<void>((resolve) => (proceed = resolve))
    const options: AppOptions = {
      userPool: {
        fetch: async (url, init) => {
          if ((init.body as URLSearchParams | undefined)?.get('grant_type') === 'refresh_token') {
            asked()
            await gate
          }
          return fetch(url, init)
        },
      },
    }
    return withApp(options, async (app) => {
      const browser = new Browser(app)
      await browser.signIn()
      const before = kept(app)?.['idToken']
      app.local.requests.clear()
      setClock(3_700)
      const url = new URL('/account', app.url)
      const waiting = request(url, { headers: { cookie: browser.jar.header(url) } })
      const gone = new Promise((resolve) => waiting.once('error', resolve))
      waiting.end()
      await underWay
      waiting.destroy()
      await gone
      proceed()
      while (kept(app)?.['idToken'] === before) await new Promise((resolve) => setImmediate(resolve))
      assert.equal((await browser.fetch('/account')).status, 200)
      assert.equal(tokenCalls(app), 1)
      assert.deepEqual(app.errors, [])
    })
  })

  test('RF-16 nobody: a session that is left alone for an hour after its tokens expired asks nothing', (t) =>
    withApp({}, async (app) => {
      const browser = new Browser(app)
      await browser.signIn()
      await browser.fetch('/identity')
      app.local.requests.clear()
      t.mock.timers.enable({ apis: ['Date', 'setTimeout', 'setInterval'] })
      for (let minutes = 0; minutes < 130; minutes += 1) {
        t.mock.timers.tick(60_000)
        await new Promise((resolve) => setImmediate(resolve))
      }
      t.mock.timers.reset()
      assert.equal(app.local.requests.total(), 0)
    }))
})
