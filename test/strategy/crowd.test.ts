import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser } from '../support/app.ts'
import { OpenStore, startSessionApp } from '../flows/session-app.ts'

const users = Array.from({ length: 200 }, (_, index) => ({
  username: `user-${index}`,
  password: 'Passw0rd!',
  sub: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
}))

/** Answers of Cognito come back in another order than they were asked for. */
async function slowFetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 200))
  return fetch(url, init)
}

test('AC-33 200 people who finish their sign-in at once, with random latencies, have 200 sessions, each their own', async (t) => {
  const store = new OpenStore()
  const app = await startSessionApp({
    local: { users },
    // All of them wait for each other in one process, on a busy machine for longer than the default.
    userPool: { fetch: slowFetch, timeoutMs: 60_000 },
    expressSession: { store },
    routes: (express) => express.get('/user', (req, res) => res.json(req.user ?? null)),
  })
  t.after(() => app.close())
  const waiting = await Promise.all(
    users.map(async (user) => {
      const browser = new Browser(app)
      return { user, browser, callback: await browser.callbackOf(user) }
    }),
  )
  app.local.requests.clear()
  const answers = await Promise.all(waiting.map(({ browser, callback }) => browser.open(callback)))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]))
  assert.equal(app.local.requests.count('token'), 200)
  for (const { user, browser } of waiting) {
    const [claims, stored] = (await Promise.all([
      browser.fetch('/account').then((answer) => answer.json()),
      browser.fetch('/user').then((answer) => answer.json()),
    ])) as [Record<string, string>, Record<string, string>]
    assert.deepEqual(
      [claims['sub'], claims['cognito:username'], stored['sub'], stored['username']],
      [user.sub, user.username, user.sub, user.username],
    )
  }
  const signedIn = Object.values(store.rows).filter((row) => row.includes('idToken'))
  assert.equal(signedIn.length, 200)
  assert.equal(new Set(waiting.map(({ browser }) => browser.cookie())).size, 200)
  assert.equal(app.local.requests.count('token'), 200)
})
