import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { Browser, startApp } from '../support/app.ts'

type Rows = { sessions: Record<string, string> }

test('RX-01 a sign-in that nobody finishes takes at most 2 kB of the session store, whatever it was asked for', async () => {
  const app = await startApp()
  try {
    for (const returnTo of [
      '',
      '/',
      `/${'a'.repeat(500)}`,
      `/${'a'.repeat(8_000)}`,
      `/${'é"\\'.repeat(300)}`,
    ])
      for (let count = 0; count < 50; count += 1)
        await new Browser(app).open(`/login?returnTo=${encodeURIComponent(returnTo)}`)
    const rows = Object.values((app.store as unknown as Rows).sessions)
    assert.equal(rows.length, 250)
    for (const row of rows) assert.ok(Buffer.byteLength(row) <= 2_048, `${Buffer.byteLength(row)} bytes`)
  } finally {
    await app.close()
  }
})

test('RX-01 a browser that begins again and again keeps ten attempts, and none for longer than ten minutes', async () => {
  const app = await startApp()
  const browser = new Browser(app)
  const attempts = () => {
    const [row = '{}'] = Object.values((app.store as unknown as Rows).sessions)
    return (JSON.parse(row) as { cognitoSignIn: unknown[] }).cognitoSignIn.length
  }
  try {
    for (let count = 0; count < 100; count += 1) await browser.open('/login')
    assert.equal(attempts(), 10)
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 601_000 })
    await browser.open('/login')
    assert.equal(attempts(), 1)
    assert.equal(Object.keys((app.store as unknown as Rows).sessions).length, 1)
  } finally {
    mock.timers.reset()
    await app.close()
  }
})
