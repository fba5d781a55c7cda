import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import type { Request, Response } from 'express'
import { Browser, startApp } from '../support/app.ts'

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}

test('SE-11 a slow request that saves its old session last does not bring old tokens back', async () => {
  const entered = deferred()
  const released = deferred()
  const app = await startApp({
    client: { refreshTokenRotation: { retryGracePeriodSeconds: 0 } },
    routes: (routes) => {
      routes.get('/slow', (req: Request, res: Response) => {
        entered.resolve()
        void released.promise.then(() => {
          Object.assign(req.session, { visited: true })
          res.end()
        })
      })
    },
  })
  const rows = () => JSON.stringify((app.store as unknown as { sessions: unknown }).sessions)
  const browser = new Browser(app)
  try {
    await browser.signIn()
    const before = rows()
    const slow = browser.fetch('/slow')
    await entered.promise
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
    app.local.requests.clear()
    assert.equal((await browser.fetch('/account')).status, 200)
    assert.notEqual(rows(), before)
    const refreshed = rows()
    released.resolve()
    assert.equal((await slow).status, 200)
    assert.match(rows(), /visited/)
    const tokenOf = (row: string) => /refreshToken\\":\\"([^"\\]+)/.exec(row)?.[1]
    assert.equal(tokenOf(rows()), tokenOf(before), 'the slow request did not write last')

    assert.equal((await browser.fetch('/account')).status, 200)
    assert.equal(app.local.requests.count('token'), 1)
    assert.equal(tokenOf(rows()), tokenOf(refreshed))
    assert.notEqual(tokenOf(refreshed), tokenOf(before))
  } finally {
    mock.timers.reset()
    await app.close()
  }
})
