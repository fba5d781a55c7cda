import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser, location } from '../support/app.ts'
import { rawRequest } from '../support/raw-request.ts'
import { OpenStore, type SessionApp, type SessionAppOptions, startSessionApp } from './session-app.ts'

/** Runs on an app of its own and stops it. */
async function on(options: SessionAppOptions, run: (app: SessionApp) => Promise<void>): Promise<void> {
  const app = await startSessionApp(options)
  try {
    await run(app)
  } finally {
    await app.close()
  }
}

const messageOf = (app: SessionApp) => (app.errors.at(-1) as Error).message

describe('the session cookie', () => {
  test('SE-04 keeps the attributes that the app chose, at sign-in and when it is cleared', () =>
    on(
      { trustProxy: 1, expressSession: { name: '__Host-sid', cookie: { secure: true, sameSite: 'lax' } } },
      async (app) => {
        const browser = new Browser(app)
        const tls = { 'x-forwarded-proto': 'https' }
        const login = await browser.open('/login', tls)
        assert.match(
          login.headers.get('set-cookie') ?? '',
          /^__Host-sid=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
        )
        const out = await browser.post('/logout', tls)
        assert.match(
          out.headers.get('set-cookie') ?? '',
          /^__Host-sid=; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
        )
      },
    ))

  test('SE-04 that is SameSite=None without Secure is a configuration error at login', () =>
    on({ expressSession: { cookie: { sameSite: 'none' } } }, async (app) => {
      assert.equal((await new Browser(app).open('/login')).status, 500)
      assert.match(messageOf(app), /SameSite=None without Secure/)
    }))

  test('SE-05 holds a signed id alone, under 4,096 bytes, however large the tokens are', () => {
    const groups = Array.from(
      { length: 100 },
      (_, index) => `a-group-with-a-rather-long-name-${index}-${'x'.repeat(60)}`,
    )
    const users = [{ username: 'ana', password: 'Passw0rd!', groups }]
    return on({ local: { users } }, async (app) => {
      const browser = new Browser(app)
      const answer = await browser.signIn({ username: 'ana', password: 'Passw0rd!' })
      assert.equal(answer.status, 303)
      const [cookie = ''] = answer.headers.getSetCookie()
      assert.ok(Buffer.byteLength(cookie) < 4_096)
      assert.match(decodeURIComponent(cookie), /^connect\.sid=s:[\w-]{32}\.[\w+/=]+;/)
      const token = JSON.stringify(await (await browser.fetch('/account')).json())
      assert.equal(token.length > 9_000, true)
    })
  })
})

describe('cookies that nobody set', () => {
  let app: SessionApp
  before(async () => (app = await startSessionApp()))
  after(() => app.close())

  const forged: [string, string][] = [
    ['unsigned', 'connect.sid=abcdefghijklmnopqrstuvwxyz012345'],
    [
      'signed with another key',
      'connect.sid=s%3Aabcdefghijklmnopqrstuvwxyz012345.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ],
    ['with JSON in it', 'connect.sid=j%3A%7B%22passport%22%3A%7B%22user%22%3A%7B%7D%7D%7D'],
    ['with a broken escape', 'connect.sid=%E0%A4%A'],
    ['two hundred at once', Array.from({ length: 200 }, (_, index) => `c${index}=v`).join('; ')],
    ['two with the same name', 'connect.sid=one; connect.sid=two'],
    ['of 12 kB', `connect.sid=s%3A${'x'.repeat(12_000)}`],
  ]
  for (const [name, cookie] of forged) {
    test(`SE-13 ${name}: nobody is signed in, and it is no 500`, async () => {
      const headers = { cookie, accept: 'application/json' }
      assert.equal((await rawRequest(new URL('/account', app.url), { headers })).status, 401)
      const login = await rawRequest(new URL('/login', app.url), { headers: { cookie } })
      assert.equal(login.status, 303)
    })
  }

  test('SE-13 beside the real one do not sign the user out', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const cookie = `other=%E0%A4%A; ${browser.jar.header(new URL(app.url))}`
    assert.equal((await browser.fetch('/account', { cookie })).status, 200)
  })

  test('SE-14 a session id in the query, a header or a form counts for nothing', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const value = browser.cookie() ?? ''
    const url = new URL(`/account?connect.sid=${value}&sid=${value}`, app.url)
    const headers = {
      'connect.sid': value,
      'x-session-id': value,
      authorization: `Session ${value}`,
      accept: 'application/json',
    }
    assert.equal((await rawRequest(url, { headers })).status, 401)
    const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
    const posted = await rawRequest(new URL('/logout', app.url), {
      method: 'POST',
      headers: form,
      body: `connect.sid=${value}`,
    })
    assert.equal(posted.status, 303)
    assert.equal((await browser.fetch('/account')).status, 200)
  })
})

test('SE-15 cookies of the former secret count while it is listed, and are signed out, not 500, afterwards', async () => {
  const store = new OpenStore()
  const [older, newer] = ['the older secret of thirty-two bytes', 'the newer secret of thirty-two bytes']
  const first = await startSessionApp({ expressSession: { store, secret: older } })
  const cookies: string[] = []
  const browser = new Browser(first)
  await browser.signIn()
  cookies.push(browser.jar.header(new URL(first.url)))
  const statusWith = async (secret: string | string[]) => {
    let status = 0
    await on({ expressSession: { store, secret }, userPool: first.local.userPool }, async (app) => {
      const headers = { cookie: cookies[0] ?? '', accept: 'application/json' }
      status = (await rawRequest(new URL('/account', app.url), { headers })).status
    })
    return status
  }
  try {
    assert.equal(await statusWith([newer, older]), 200)
    assert.equal(await statusWith([newer]), 401)
  } finally {
    await first.close()
  }
})

describe('behind a proxy that ends TLS', () => {
  const expressSession = { cookie: { secure: true, sameSite: 'lax' as const } }
  const tls = { 'x-forwarded-proto': 'https' }

  test('SE-17 without trust proxy the first login says what to set, and sends nobody to Cognito', () =>
    on({ expressSession }, async (app) => {
      const login = await new Browser(app).open('/login', tls)
      assert.equal(login.status, 500)
      assert.equal(login.headers.get('location'), null)
      assert.match(messageOf(app), /trust proxy/)
    }))

  test('SE-17 with trust proxy the sign-in works', () =>
    on({ expressSession, trustProxy: 1 }, async (app) => {
      const login = await new Browser(app).open('/login', tls)
      assert.equal(login.status, 303)
      assert.match(location(login), /\/oauth2\/authorize\?/)
      assert.match(login.headers.get('set-cookie') ?? '', /Secure/)
    }))
})

test('SE-16 10,000 anonymous pages and 10,000 API calls write no session and set no cookie', async () => {
  const store = new OpenStore()
  await on({ expressSession: { store } }, async (app) => {
    const token = await app.local.issueToken({ username: 'ana', tokenUse: 'access' })
    const asks: [string, Record<string, string>][] = [
      ['/', { accept: 'text/html' }],
      ['/api/me', { authorization: `Bearer ${token}` }],
    ]
    for (const [path, headers] of asks) {
      for (let batch = 0; batch < 200; batch += 1) {
        const url = new URL(path, app.url)
        const answers = await Promise.all(Array.from({ length: 50 }, () => rawRequest(url, { headers })))
        const statuses = new Set(answers.map(({ status }) => status))
        assert.deepEqual([...statuses], [200])
        assert.equal(answers.filter((answer) => answer.headers.has('set-cookie')).length, 0)
      }
    }
    assert.equal(store.writes, 0)
  })
})
