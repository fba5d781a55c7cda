import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { Browser, location, startApp, type TestApp } from '../support/app.ts'

const DAY = 86_400

/** The clock of the machine jumps; that of Cognito goes on. */
function jump({ local }: TestApp, seconds: number): void {
  mock.timers.reset()
  mock.timers.enable({ apis: ['Date'], now: Date.now() + seconds * 1000 })
  local.clock.advance(-seconds)
}

/** As long as the longest wait of this package that a wrong clock can cause. */
function putRight({ local }: TestApp, seconds: number): void {
  mock.timers.reset()
  local.clock.advance(seconds)
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 31_000 })
}

for (const [what, seconds] of [
  ['a day back', -DAY],
  ['a day on', DAY],
] as const) {
  test(`FL-06 the clock jumps ${what} and back: nothing crashes, and nobody is locked out`, async () => {
    const app = await startApp()
    const browser = new Browser(app)
    try {
      await browser.signIn()
      await browser.fetch('/identity')
      const login = await new Browser(app).open('/login')
      assert.equal(login.status, 303)
      jump(app, seconds)
      for (const path of ['/', '/account', '/identity', '/login', '/callback?code=x&state=y'])
        assert.ok([200, 303, 400, 401, 503].includes((await browser.fetch(path)).status), path)
      putRight(app, seconds)
      if ((await browser.fetch('/account')).status !== 200) await browser.signIn()
      for (const path of ['/account', '/identity']) assert.equal((await browser.fetch(path)).status, 200)
    } finally {
      mock.timers.reset()
      await app.close()
    }
  })
}

test('FL-06 a clock that is set back a day while everything waits after a failure does not make the waits longer', async () => {
  const app = await startApp({ client: { accessTokenValiditySeconds: 300, idTokenValiditySeconds: 300 } })
  const browser = new Browser(app)
  try {
    await browser.signIn()
    const token = await app.local.issueToken({ tokenUse: 'access', expiresInSeconds: 3 * DAY })
    const api = () => browser.fetch('/api/me', { authorization: `Bearer ${token}` })
    assert.equal((await api()).status, 200)
    // Two days later: the tokens have expired, and the refresh fails.
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 2 * DAY * 1000 })
    const heal = app.local.fail('token', { status: 500 })
    assert.equal((await browser.fetch('/account')).status, 503)
    heal()
    mock.timers.reset()
    mock.timers.enable({ apis: ['Date'], now: Date.now() + DAY * 1000 })
    assert.equal((await browser.fetch('/account')).status, 200)
    assert.equal((await api()).status, 200)
    assert.equal(location(await browser.open('/login')).startsWith(app.local.url), true)
  } finally {
    mock.timers.reset()
    await app.close()
  }
})
