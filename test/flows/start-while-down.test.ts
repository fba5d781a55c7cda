import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { Browser, location, startApp } from '../support/app.ts'

test('FL-03 an app that starts while Cognito is down starts, answers sign-ins with 503, and heals by itself', async () => {
  const app = await startApp()
  const browser = new Browser(app)
  try {
    const heal = app.local.fail('*', { status: 503 })
    assert.equal(await (await browser.open('/')).text(), 'anonymous')
    assert.equal((await browser.fetch('/account')).status, 401)
    const token = await app.local.issueToken({ tokenUse: 'access' })
    const api = () => browser.fetch('/api/me', { authorization: `Bearer ${token}` })
    assert.equal((await api()).status, 503)
    // Nobody need be asked for the way to the login page. The way back needs Cognito.
    const login = await browser.open('/login')
    assert.equal(login.status, 303)
    const state = new URL(location(login)).searchParams.get('state')
    const failed = await browser.open(`/callback?code=any&state=${state}`)
    assert.equal(failed.status, 503)
    assert.ok(failed.headers.get('retry-after'))

    heal()
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 2_000 })
    assert.equal((await api()).status, 200)
    assert.equal((await browser.signIn()).status, 303)
    assert.equal((await browser.fetch('/account')).status, 200)
    assert.equal((await browser.fetch('/identity')).status, 200)
  } finally {
    mock.timers.reset()
    await app.close()
  }
})

test('FL-03 it heals within thirty seconds when only the keys were away, however long', async () => {
  const app = await startApp()
  const browser = new Browser(app)
  try {
    const heal = app.local.fail('jwks', 'reset')
    const token = await app.local.issueToken({ tokenUse: 'access', expiresInSeconds: 86_000 })
    const api = () => browser.fetch('/api/me', { authorization: `Bearer ${token}` })
    const start = Date.now()
    for (let seconds = 0; seconds <= 3_600; seconds += 60) {
      mock.timers.reset()
      mock.timers.enable({ apis: ['Date'], now: start + seconds * 1000 })
      assert.equal((await api()).status, 503)
    }
    heal()
    mock.timers.tick(29_000)
    assert.equal((await api()).status, 200)
  } finally {
    mock.timers.reset()
    await app.close()
  }
})
