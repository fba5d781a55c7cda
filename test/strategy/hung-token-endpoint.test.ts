import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { UserPool } from '../../src/index.ts'
import { Browser, listen, location, startApp } from '../support/app.ts'

test('RX-08 a thousand sign-ins at a token endpoint that hangs hold fifty sockets, are all 503, and hold no API call up', async () => {
  let sockets = 0
  let most = 0
  const hung = createServer((req) => void req.resume())
  hung.on('connection', (socket) => {
    most = Math.max(most, (sockets += 1))
    socket.once('close', () => (sockets -= 1))
  })
  const domain = await listen(hung)
  const app = await startApp({ userPool: { domain, timeoutMs: 9_000 } })
  try {
    const token = await app.local.issueToken({ tokenUse: 'access' })
    const api = () => new Browser(app).fetch('/api/me', { authorization: `Bearer ${token}` })
    assert.equal((await api()).status, 200)
    const callbacks: [Browser, string][] = []
    for (let count = 0; count < 1_000; count += 1) {
      const browser = new Browser(app)
      const state = new URL(location(await browser.open('/login'))).searchParams.get('state')
      callbacks.push([browser, `/callback?code=any&state=${state}`])
    }
    let answered = 0
    const logins = callbacks.map(async ([browser, callback]) => {
      const { status } = await browser.open(callback)
      answered += 1
      return status
    })
    while (most < 50) await new Promise((resolve) => setTimeout(resolve, 10))
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await api()).status))
    assert.deepEqual(new Set(statuses), new Set([200]))
    assert.equal(answered, 0, 'all API calls were answered while every sign-in hung')
    assert.deepEqual(new Set(await Promise.all(logins)), new Set([503]))
    assert.equal(most, 50)
  } finally {
    hung.closeAllConnections()
    hung.close()
    await app.close()
  }
})

test('RX-08 one place at the token endpoint that becomes free is taken by the next who waits', async () => {
  const gates: (() => void)[] = []
  const userPool = new UserPool({
    userPoolId: 'eu-west-1_AbCdEf123',
    clientId: 'example',
    domain: 'https://auth.example.com',
    fetch: () => new Promise((resolve) => gates.push(() => resolve(new Response(null, { status: 200 })))),
  })
  const tokens = { idToken: 'a.b.c', accessToken: 'a.b.c', refreshToken: 'r' }
  const all = Array.from({ length: 51 }, () => userPool.revoke(tokens))
  while (gates.length < 50) await new Promise((resolve) => setImmediate(resolve))
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(gates.length, 50)
  gates[0]?.()
  while (gates.length < 51) await new Promise((resolve) => setImmediate(resolve))
  for (const open of gates) open()
  await Promise.all(all)
})
