import assert from 'node:assert/strict'
import { after, before, describe, mock, test } from 'node:test'
import type { SessionData } from 'express-session'
import { bearer, getAuth, UserPool } from '../../src/index.ts'
import { OpenStore, type SessionApp, startSessionApp } from '../flows/session-app.ts'
import { ana, Browser } from '../support/app.ts'

/** A store that counts the rows that are written, and not those whose time is only renewed. */
class CountingStore extends OpenStore {
  sets = 0

  override set(id: string, row: SessionData, done?: (error?: unknown) => void): void {
    this.sets += 1
    super.set(id, row, done)
  }
}

describe('the caller that session() recognises', () => {
  const store = new CountingStore()
  const maxAgeSeconds = 3_600
  let app: SessionApp
  let userPool: UserPool
  before(async () => {
    app = await startSessionApp({
      expressSession: { store },
      // As an API has it: who brings a token is that caller, whatever cookie comes along.
      first: (req, res, next) => bearer({ userPool, required: false })(req, res, next),
      session: { maxAgeSeconds },
      routes: (routes) =>
        routes.get('/caller', (req, res) => {
          const { source, kind, claims, token } = getAuth(req)
          res.json({ source, kind, name: claims['cognito:username'] ?? claims['username'], token })
        }),
    })
    userPool = new UserPool(app.local.userPool)
  })
  after(() => app.close())

  const caller = async (browser: Browser, headers = {}) =>
    (await (await browser.fetch('/caller', headers)).json()) as Record<string, string>

  test('is the person of the ID token', async () => {
    const browser = new Browser(app)
    await browser.signIn(ana)
    const { token, ...rest } = await caller(browser)
    assert.deepEqual(rest, { source: 'session', kind: 'user', name: 'ana' })
    const { tokens } = (store.row(browser.cookie())['passport'] as { user: { tokens: { idToken: string } } })
      .user
    assert.equal(token, tokens.idToken)
  })

  test('is not put in place of one who was recognised before', async () => {
    const browser = new Browser(app)
    await browser.signIn(ana)
    const token = await app.local.issueToken({ username: 'ben', tokenUse: 'access' })
    assert.deepEqual(await caller(browser, { authorization: `Bearer ${token}` }), {
      source: 'bearer',
      kind: 'user',
      name: 'ben',
      token,
    })
    assert.equal((await caller(browser))['name'], 'ana')
  })

  test('costs no write to the session store as long as nothing about the tokens changes', async () => {
    const browser = new Browser(app)
    await browser.signIn(ana)
    const before = store.sets
    for (let count = 0; count < 5; count += 1) await caller(browser)
    assert.equal(store.sets, before)
  })

  test('is one up to the millisecond at which the sign-in is too old; then nothing of that sign-in counts any more', async () => {
    const browser = new Browser(app)
    await browser.signIn(ana)
    const { cognitoSignedInAt, passport } = store.row(browser.cookie())
    const { at } = cognitoSignedInAt as { at: number }
    const { accessToken } = (passport as { user: { tokens: { accessToken: string } } }).user.tokens
    const api = async () =>
      (await new Browser(app).fetch('/api/me', { authorization: `Bearer ${accessToken}` })).status
    try {
      mock.timers.enable({ apis: ['Date'], now: at + maxAgeSeconds * 1000 - 5_000 })
      assert.equal(await api(), 200)
      mock.timers.setTime(at + maxAgeSeconds * 1000)
      assert.equal((await browser.fetch('/account')).status, 200)
      mock.timers.setTime(at + maxAgeSeconds * 1000 + 1)
      assert.equal((await browser.fetch('/account')).status, 401)
      mock.timers.setTime(at + maxAgeSeconds * 1000 - 5_000)
      assert.equal(await api(), 401)
    } finally {
      mock.timers.reset()
    }
  })

  test('is nobody where the sign-in has ended in this process', async () => {
    const browser = new Browser(app)
    await browser.signIn(ana)
    const { tokens } = (store.row(browser.cookie())['passport'] as { user: { tokens: never } }).user
    await app.userPool.signIns.end(tokens)
    assert.equal((await browser.fetch('/account')).status, 401)
  })
})
