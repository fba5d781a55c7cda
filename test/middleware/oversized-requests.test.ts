import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser, startApp, type TestApp } from '../support/app.ts'
import { rawRequest } from '../support/raw-request.ts'

describe('RX-05 a request that is too large', () => {
  const times: number[] = []
  let app: TestApp
  before(async () => {
    app = await startApp({
      routes: (express) =>
        express.get('/timed', (req, res, next) => {
          const started = performance.now()
          res.once('finish', () => times.push(performance.now() - started))
          req.url = '/api/me'
          next()
        }),
    })
  })
  after(() => app.close())
  const ask = (headers: Record<string, string>) => rawRequest(new URL('/timed', app.url), { headers })

  /** The best of some, because what a busy machine adds is not ours. */
  async function assertQuick(status: number, headers: Record<string, string>): Promise<void> {
    times.length = 0
    for (let round = 0; round < 20; round += 1) assert.equal((await ask(headers)).status, status)
    assert.equal(times.length, 20)
    assert.ok(Math.min(...times) <= 5, `${Math.min(...times)} ms`)
  }

  test('RX-05 headers over the limit of Node are 431, and the process goes on', async () => {
    for (const name of ['authorization', 'cookie', 'x-other'])
      assert.equal((await ask({ [name]: 'a'.repeat(17_000) })).status, 431)
    assert.equal(await (await new Browser(app).open('/')).text(), 'anonymous')
  })

  test('RX-05 a token of 15 kB is 401, at once', async () => {
    const token = await app.local.issueToken({ tokenUse: 'access' })
    const long = 'a'.repeat(15_000 - token.length)
    await assertQuick(401, { authorization: `Bearer ${token}${long}` })
    await assertQuick(401, { authorization: `Bearer ${'a'.repeat(15_000)}` })
    const [header, , signature] = token.split('.')
    const payload = Buffer.from(JSON.stringify({ groups: 'a'.repeat(10_000) })).toString('base64url')
    await assertQuick(401, { authorization: `Bearer ${header}.${payload}.${signature}` })
  })

  test('RX-05 two hundred cookies are nobody, at once', async () => {
    const cookies = Array.from({ length: 200 }, (_, index) => `connect.sid=s%3A${index}.${'x'.repeat(43)}`)
    await assertQuick(401, { cookie: cookies.join('; ') })
  })
})
