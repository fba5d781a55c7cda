import assert from 'node:assert/strict'
import { after, afterEach, before, mock, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import expressSession from 'express-session'
import { memoryStore, type SharedStore, type UserPoolOptions } from '../../src/index.ts'
import { type AppOptions, Browser, startApp, type TestApp } from '../support/app.ts'
import { sealingKey } from '../support/processes.ts'

let away = false
const memory = memoryStore()
/** The one store of both apps, which may be away. */
const store: SharedStore = {
  get: (key) => (away ? Promise.reject(new Error('away')) : memory.get(key)),
  set: (key, ...rest) => (away ? Promise.reject(new Error('away')) : memory.set(key, ...rest)),
  delete: (key, options) => (away ? Promise.reject(new Error('away')) : memory.delete(key, options)),
  publish: (message) => (away ? Promise.reject(new Error('away')) : memory.publish(message)),
  subscribe: (listener) => memory.subscribe(listener),
  close: () => memory.close(),
}
const sessions = new expressSession.MemoryStore()
const rows = () => Object.values((sessions as unknown as { sessions: Record<string, string> }).sessions)
let first: TestApp
let second: TestApp

before(async () => {
  const client = { refreshTokenRotation: { retryGracePeriodSeconds: 0 } }
  first = await startApp({ client, store: sessions, userPool: { store, sealingKey } })
  const userPool: Partial<UserPoolOptions> = { ...first.local.userPool, store, sealingKey }
  second = await startApp({ store: sessions, userPool, identityPool: first.local.identityPool })
})
after(async () => {
  await Promise.all([first.userPool.close(), second.userPool.close()])
  await Promise.all([first.close(), second.close()])
})
afterEach(async () => {
  mock.timers.reset()
  if (away) await wait(600)
  away = false
})

/** A browser that signs in at the first app, and the same browser as the load balancer sends it to the second one. */
async function signedIn(): Promise<[Browser, Browser]> {
  const one = new Browser(first)
  await one.signIn()
  first.local.requests.clear()
  const other = new Browser(second)
  Object.assign(other, { jar: one.jar })
  return [one, other]
}

test('who signs in at one process is signed in at the other, with no token in the session', async () => {
  const [one, other] = await signedIn()
  assert.equal((await one.fetch('/account')).status, 200)
  assert.equal((await other.fetch('/account')).status, 200)
  assert.ok(rows().length > 0)
  assert.doesNotMatch(rows().join(), /eyJ/)
  assert.ok(rows().join().length < 1_500 * rows().length)
})

test('RF-01 a refresh writes no session, and the other process goes on with its tokens', async (t) => {
  const [one, other] = await signedIn()
  const saves = t.mock.method(sessions, 'set')
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
  for (const answer of await Promise.all(
    [one, other, one, other].map((browser) => browser.fetch('/account')),
  )) {
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('set-cookie'), null)
  }
  assert.equal(first.local.requests.count('token'), 1)
  assert.equal(saves.mock.callCount(), 0)
})

test('LO-10 who signs out at one process is anonymous at the other', async () => {
  const [one, other] = await signedIn()
  const row = rows().at(-1)
  assert.equal((await other.fetch('/account')).status, 200)
  const cookie = one.cookie()
  assert.equal((await one.post('/logout')).status, 303)
  assert.equal(first.local.requests.count('revoke'), 1)
  // Also where a slow request has written the session back.
  assert.ok(row !== undefined && cookie !== undefined)
  const id = /^s:([^.]+)/.exec(decodeURIComponent(cookie))?.[1] ?? ''
  Object.assign((sessions as unknown as { sessions: object }).sessions, { [id]: row })
  const late = new Browser(second)
  late.jar.store(new URL(second.url), [`connect.sid=${cookie}`])
  assert.equal((await late.fetch('/account')).status, 401)
  assert.equal(first.local.requests.count('token'), 0)
})

test('LO-08 a sign-out that the shared store does not hear of is a 503, the cookie is cleared and the session gone', async () => {
  const [one] = await signedIn()
  const before = rows().length
  away = true
  const answer = await one.post('/logout')
  assert.equal(answer.status, 503)
  assert.match(answer.headers.get('set-cookie') ?? '', /connect\.sid=;.*1970/)
  assert.equal(rows().length, before - 1)
})

test('while the shared store is away the signed-in stay signed in, strangers are told 503, and nobody is let in', async () => {
  const [one, other] = await signedIn()
  assert.equal((await one.fetch('/account')).status, 200)
  away = true
  assert.equal((await one.fetch('/account')).status, 200)
  assert.equal((await other.fetch('/account')).status, 503, 'the other process has never seen this sign-in')
  const newcomer = new Browser(first)
  assert.equal((await newcomer.signIn()).status, 503)
  assert.equal((await newcomer.fetch('/account')).status, 401)
  assert.equal((await one.fetch('/')).status, 200)
  away = false
  await wait(600)
  assert.equal((await other.fetch('/account')).status, 200)
})

test('a process with another key says 503 and signs nobody out', async () => {
  const [one, other] = await signedIn()
  const options = { ...first.local.userPool, store, sealingKey: 'quite another key, which is long enough' }
  const third = await startApp({ store: sessions, userPool: options })
  try {
    const lost = new Browser(third)
    Object.assign(lost, { jar: one.jar })
    assert.equal((await lost.fetch('/account')).status, 503)
    assert.equal((await other.fetch('/account')).status, 200)
    assert.equal((await one.fetch('/account')).status, 200)
  } finally {
    await third.userPool.close()
    await third.close()
  }
})

test('without its store a pool takes nobody for signed in, whatever the session says', async () => {
  const [one] = await signedIn()
  const seen: unknown[] = []
  const routes: NonNullable<AppOptions['routes']> = (app) =>
    app.get('/seen', (req, res) => {
      seen.push(req.user)
      res.end()
    })
  const third = await startApp({ store: sessions, userPool: first.local.userPool, routes })
  try {
    const browser = new Browser(third)
    Object.assign(browser, { jar: one.jar })
    assert.equal((await browser.fetch('/account')).status, 401)
    assert.equal((await browser.fetch('/seen')).status, 200)
    assert.deepEqual(seen, [undefined])
    assert.equal((await one.fetch('/account')).status, 200)
  } finally {
    await third.close()
  }
})

test('whom the verify callback refuses leaves no record behind', async () => {
  const kept = new Map<string, string>()
  const watched: SharedStore = {
    ...store,
    get: (key) => memory.get(key),
    set(key, value, options) {
      kept.set(key, value)
      return memory.set(key, value, options)
    },
  }
  const app = await startApp({ userPool: { store: watched, sealingKey }, strategy: { verify: () => false } })
  try {
    assert.equal((await new Browser(app).signIn()).status, 401)
    const records = () =>
      [...kept].filter(([key]) => /^sign-in:[^:]*$/.test(key)).map(([, value]) => value.length)
    for (let tries = 0; tries < 50 && records().some((length) => length > 100); tries += 1) await wait(20)
    assert.equal(records().length, 1)
    assert.ok(
      records().every((length) => length < 100),
      'the note that it has ended, and no tokens',
    )
  } finally {
    await app.userPool.close()
    await app.close()
  }
})
