import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import type { RequestHandler } from 'express'
import { type CognitoEvents, ForbiddenError, logout, memoryStore, onEvent } from '../../src/index.ts'
import { ana, type AppOptions, ben, Browser, startApp, type TestApp } from '../support/app.ts'
import { sealingKey } from '../support/processes.ts'

const routes: NonNullable<AppOptions['routes']> = (app, { userPool, identityPool }) => {
  const enter: RequestHandler = (req, res, next) => {
    const { username, password } = ana
    userPool
      .signIn({ username, password })
      .then(async (step) => {
        assert.ok(step.status === 'signed-in')
        req.login(await userPool.user(step.tokens), (error?: unknown) =>
          error ? next(error) : res.json('signed in'),
        )
      })
      .catch(next)
  }
  app.post('/enter', enter)
  app.post('/out', logout({ userPool, identityPool, returnTo: 'https://app.example.com/', everywhere: true }))
}

interface Stage {
  app: TestApp
  /** What `logout` said. */
  heard: CognitoEvents['logout']['type'][]
  counts: () => { GlobalSignOut: number; revoked: number }
}

async function onStage(run: (stage: Stage) => Promise<void>, options: AppOptions = {}): Promise<void> {
  const app = await startApp({ routes, ...options })
  const heard: Stage['heard'] = []
  const end = onEvent('logout', ({ type }) => heard.push(type))
  const count = (...names: string[]) => names.reduce((sum, name) => sum + app.local.requests.count(name), 0)
  try {
    await run({
      app,
      heard,
      counts: () => ({ GlobalSignOut: count('GlobalSignOut'), revoked: count('RevokeToken', 'revoke') }),
    })
  } finally {
    mock.timers.reset()
    end()
    await app.close()
  }
}

/** Nobody is signed in here any more, and the cookie of who was is cleared. */
async function assertSignedOut(app: TestApp, cookie: string | undefined, answer: Response): Promise<void> {
  assert.match(answer.headers.get('set-cookie') ?? '', /^connect\.sid=; Path=\/; Expires=Thu, 01 Jan 1970/)
  const { sessions } = app.store as unknown as { sessions: Record<string, string> }
  assert.ok(!Object.keys(sessions).some((id) => decodeURIComponent(cookie ?? '').startsWith(`s:${id}.`)))
  const again = await new Browser(app).fetch('/account', { cookie: `connect.sid=${cookie}` })
  assert.equal(again.status, 401)
}

test('LO-11 a sign-out everywhere ends this sign-in and the others of the user', () =>
  onStage(async ({ app, heard, counts }) => {
    const [here, there] = [new Browser(app), new Browser(app)]
    await here.post('/enter')
    await there.signIn()
    const cookie = here.cookie()
    const answer = await here.post('/out')
    assert.equal(answer.status, 303)
    await assertSignedOut(app, cookie, answer)
    assert.deepEqual(counts(), { GlobalSignOut: 1, revoked: 0 })
    assert.deepEqual(heard, [])
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
    const other = await there.fetch('/account')
    assert.equal(other.status, 401)
    assert.equal(((await other.json()) as { error: string }).error, 'ERR_COGNITO_SESSION_ENDED')
  }))

test('LO-11 with a store a sign-out everywhere is one at once, not only when the tokens of the others expire', () =>
  onStage(
    async ({ app, counts }) => {
      const [here, there, somebodyElse] = [new Browser(app), new Browser(app), new Browser(app)]
      await here.post('/enter')
      await there.signIn()
      await somebodyElse.signIn(ben)
      assert.equal((await there.fetch('/account')).status, 200)
      assert.equal((await here.post('/out')).status, 303)
      assert.equal(counts().GlobalSignOut, 1)
      assert.equal((await there.fetch('/account')).status, 401)
      assert.equal((await somebodyElse.fetch('/account')).status, 200)
    },
    { userPool: { store: memoryStore(), sealingKey } },
  ))

test('LO-11 with a token that lacks the scope the error handler gets a ForbiddenError, after the person was signed out here', () =>
  onStage(async ({ app, heard, counts }) => {
    const browser = new Browser(app)
    await browser.signIn()
    const cookie = browser.cookie()
    const answer = await browser.post('/out')
    assert.equal(answer.status, 403)
    assert.equal(((await answer.json()) as { error: string }).error, 'ERR_COGNITO_FORBIDDEN')
    assert.match(answer.headers.get('www-authenticate') ?? '', /scope="aws\.cognito\.signin\.user\.admin"/)
    assert.equal(app.errors.length, 1)
    assert.ok(app.errors[0] instanceof ForbiddenError)
    await assertSignedOut(app, cookie, answer)
    assert.deepEqual(counts(), { GlobalSignOut: 1, revoked: 1 })
    assert.deepEqual(heard, ['global_sign_out_failed'])
  }))

test('LO-11 an access token that has expired is refreshed first', () =>
  onStage(async ({ app, counts }) => {
    const browser = new Browser(app)
    await browser.post('/enter')
    const cookie = browser.cookie()
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
    const answer = await browser.post('/out')
    assert.equal(answer.status, 303)
    await assertSignedOut(app, cookie, answer)
    assert.equal(app.local.requests.count('GetTokensFromRefreshToken'), 1)
    assert.deepEqual(counts(), { GlobalSignOut: 1, revoked: 0 })
  }))

for (const fault of ['hang', { status: 500 }, 'throttle'] as const) {
  test(`LO-11 when GlobalSignOut meets ${JSON.stringify(fault)} the answer says so in time, and the person is signed out here`, () =>
    onStage(async ({ app, heard, counts }) => {
      const browser = new Browser(app)
      await browser.post('/enter')
      const cookie = browser.cookie()
      app.local.fail('GlobalSignOut', fault)
      const started = performance.now()
      const answer = await browser.post('/out')
      assert.ok(performance.now() - started < 4_000)
      assert.equal(answer.status, fault === 'throttle' ? 429 : 503)
      assert.ok(answer.headers.get('retry-after'))
      await assertSignedOut(app, cookie, answer)
      assert.deepEqual(heard, ['global_sign_out_failed'])
      assert.equal(counts().GlobalSignOut, 1)
      if (fault !== 'hang') assert.equal(counts().revoked, 1)
    }))
}

test('LO-11 nobody is asked where nobody is signed in', () =>
  onStage(async ({ app, counts }) => {
    assert.equal((await new Browser(app).post('/out')).status, 303)
    assert.deepEqual(counts(), { GlobalSignOut: 0, revoked: 0 })
  }))

test('LO-11 the option is true or false', () =>
  onStage(async ({ app: { userPool } }) => {
    const returnTo = 'https://app.example.com/'
    for (const everywhere of ['yes', 1, null] as never[])
      assert.throws(() => logout({ userPool, returnTo, everywhere }), /"everywhere"/)
    await Promise.resolve()
  }))
