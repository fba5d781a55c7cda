import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import expressSession from 'express-session'
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
