import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import expressSession from 'express-session'
import type { CallbackError } from '../../src/index.ts'
import { ana, Browser, location, startApp, type TestApp } from '../support/app.ts'

/** A session store across a slow network. */
class SlowStore extends expressSession.MemoryStore {
  override get(id: string, done: (error: unknown, session?: expressSession.SessionData | null) => void) {
    setTimeout(() => super.get(id, done), 20)
  }
  override set(id: string, session: expressSession.SessionData, done?: (error?: unknown) => void) {
    setTimeout(() => super.set(id, session, done), 20)
  }
}

for (const [speed, store] of [
  ['fast', undefined],
  ['slow', new SlowStore()],
] as const) {
  describe(`the same callback twice at once, on a ${speed} session store`, () => {
    let app: TestApp
    before(async () => (app = await startApp(store ? { store } : {})))
    after(() => app.close())

    test('is one exchange, and both answers lead to the page', async () => {
      const browser = new Browser(app)
      const callback = await browser.callbackOf(ana, '/login?returnTo=/files')
      app.local.requests.clear()
      const answers = await Promise.all([browser.open(callback), browser.open(callback)])
      assert.deepEqual(
        answers.map(({ status }) => status),
        [303, 303],
      )
      assert.deepEqual(answers.map(location), ['/files', '/files'])
      assert.equal(app.local.requests.count('token'), 1)
      assert.equal((await browser.open('/account')).status, 200)
    })

    test('does not let another browser in that knows the address', async () => {
      const browser = new Browser(app)
      const callback = await browser.callbackOf()
      const [, thief] = await Promise.all([browser.open(callback), new Browser(app).open(callback)])
      assert.equal(thief.status, 400)
    })
  })
}

describe('a callback whose exchange is under way', () => {
  test('is refused at once to browsers that only know its address, and the sign-in ends well', async () => {
    let release: () => void = () => undefined
    let entered: () => void = () => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    const underWay = new Promise<void>((resolve) => (entered = resolve))
    const slowFetch = async (url: string | URL | Request, init?: RequestInit) => {
      entered()
      await released
      return fetch(url, init)
    }
    const app = await startApp({ userPool: { fetch: slowFetch } })
    try {
      const browser = new Browser(app)
      const callback = await browser.callbackOf(ana, '/login?returnTo=/files')
      const answer = browser.open(callback)
      await underWay
      const [stranger, pending] = [new Browser(app), new Browser(app)]
      await pending.open('/login')
      for (const [thief, reason] of [
        [stranger, 'transaction_missing'],
        [pending, 'state_mismatch'],
      ] as const) {
        assert.equal((await thief.open(callback)).status, 400)
        assert.equal((app.errors.at(-1) as CallbackError).reason, reason)
        assert.equal((await thief.open('/account')).status, 303)
      }
      release()
      assert.equal(location(await answer), '/files')
      assert.equal((await browser.open('/account')).status, 200)
      assert.equal(app.local.requests.count('token'), 1)
    } finally {
      release()
      await app.close()
    }
  })
})

describe('callbacks that name no pending sign-in', () => {
  test('leave no row in the session store', async () => {
    const app = await startApp()
    try {
      for (let count = 0; count < 20; count += 1) await new Browser(app).open('/callback?code=x&state=y')
      assert.deepEqual((app.store as unknown as { sessions: object }).sessions, Object.create(null))
    } finally {
      await app.close()
    }
  })
})
