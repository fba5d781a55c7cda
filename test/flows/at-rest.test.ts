import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { CognitoStrategy } from '../../src/index.ts'
import { ana, ben, Browser, startApp } from '../support/app.ts'
import { heldBy } from '../support/private-state.ts'

test('RX-03 when everybody has been served, nothing is under way any more: no promise, no waiting, no timer', async () => {
  let strategy: CognitoStrategy | undefined
  const app = await startApp({
    routes: (_app, { userPool }) => {
      strategy = new CognitoStrategy({ userPool, callbackURL: 'https://app.example.com/callback' })
    },
  })
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  try {
    const before = timers()
    const browsers = Array.from({ length: 20 }, () => new Browser(app))
    await Promise.all(browsers.map((one, index) => one.signIn(index % 2 ? ana : ben)))
    const everyone = (path: string) => Promise.all(browsers.map((one) => one.fetch(path)))
    await everyone('/identity')
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
    const heal = app.local.fail('token', { status: 500 }, { times: 5 })
    await everyone('/account')
    heal()
    await everyone('/account')
    const unknown = await app.local.issueToken({
      username: 'ana',
      tokenUse: 'access',
      header: { kid: 'unknown' },
    })
    await browsers[0]?.fetch('/api/me', { authorization: `Bearer ${unknown}` })
    await assert.rejects(app.userPool.signIn({ username: 'ana', password: 'wrong' }))
    await Promise.all(browsers.map((one) => one.post('/logout')))
    mock.timers.tick(15 * 60_000)

    const held = [app.userPool, app.identityPool, strategy as object].flatMap((root) =>
      heldBy(root).map((one) => ({ ...one, path: `${root.constructor.name}${one.path}` })),
    )
    // Only what is remembered on purpose may be there at rest: keys of the pool, connections, and bounded caches (`#s` is lru-cache's own map).
    const kept = /#keys$|#client$|\.#s$/
    assert.ok(held.some(({ path }) => path.endsWith('#busy')))
    assert.ok(held.some(({ path }) => path.endsWith('#underWay')))
    assert.ok(held.some(({ path }) => path.endsWith('#waiting')))
    assert.deepEqual(
      held.filter(({ size, path }) => size > 0 && !kept.test(path)),
      [],
    )
    assert.ok(timers() <= before, `${timers()} timers, and ${before} before`)
  } finally {
    mock.timers.reset()
    await app.close()
  }
})
