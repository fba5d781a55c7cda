import assert from 'node:assert/strict'
import { after, before, beforeEach, test, type TestContext } from 'node:test'
import { UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import express from '../support/express.ts'
import { startUpstream, type UpstreamAnswer } from '../support/upstream.ts'
import { accessClaims, createSigner, signingInput } from '../user-pool/signer.ts'
import {
  bareChallenge,
  type BearerApp,
  type BearerAppOptions,
  invalidToken,
  startBearerApp,
  wire,
} from './bearer-app.ts'

const signer = createSigner('key1')
let local: LocalCognito
let token: string

before(async () => {
  local = await startLocalCognito({ users: [{ username: 'ana', password: 'Passw0rd!' }] })
  token = await local.issueToken({ tokenUse: 'access' })
})
after(() => local.close())
beforeEach(() => local.requests.clear())

async function appFor(t: TestContext, userPool: UserPool, options?: BearerAppOptions): Promise<BearerApp> {
  const app = await startBearerApp(userPool, options)
  t.after(() => app.close())
  return app
}

const ask = (app: BearerApp, sent: string) => wire(app.url, [`Authorization: Bearer ${sent}`])

async function refused(app: BearerApp, sent: string): Promise<void> {
  const ran = app.handled
  const { status, headers } = await ask(app, sent)
  assert.deepEqual([status, headers.get('www-authenticate'), app.handled - ran], [401, invalidToken, 0])
}

test('BV-20 a token in the query or in a form is ignored, alone, together, and beside the header', async (t) => {
  const app = await appFor(t, new UserPool(local.userPool), { before: express.urlencoded() })
  const query = `?access_token=${token}`
  const form = new URLSearchParams({ access_token: token })
  const send = async (target: string, body?: URLSearchParams, header?: string) => {
    const headers = header === undefined ? {} : { authorization: `Bearer ${header}` }
    const init = body === undefined ? { headers } : { method: 'POST', headers, body }
    const response = await fetch(new URL(target, app.url), init)
    return [response.status, response.headers.get('www-authenticate')]
  }
  for (const [target, body] of [[query], ['/', form], [query, form]] as [string, URLSearchParams?][]) {
    assert.deepEqual(await send(target, body), [401, bareChallenge])
    assert.equal(app.handled, 0)
    assert.deepEqual(await send(target, body, 'a.b.c'), [401, invalidToken])
  }
  const bad = new URLSearchParams({ access_token: 'a.b.c' })
  assert.deepEqual(await send('/?access_token=a.b.c', bad, token), [200, null])
  assert.equal(app.handled, 1)
})

for (const answer of ['hang', 'drip', 'huge'] satisfies UpstreamAnswer[]) {
  test(`BV-29 while the JWKS answers with "${answer}", known keys are 200 and unknown ones 503 in time`, async (t) => {
    const upstream = await startUpstream({ body: JSON.stringify({ keys: [signer.jwk] }) })
    t.after(() => upstream.close())
    const pool = new UserPool({ ...local.userPool, endpoint: upstream.url, timeoutMs: 1_000 })
    const app = await appFor(t, pool)
    const [good, other] = [0, 1].map((count) => signer.sign(accessClaims(pool, { count }))) as [
      string,
      string,
    ]
    assert.equal((await ask(app, good)).status, 200)
    upstream.answer = answer
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 10_000 })
    const waiting = ask(app, createSigner('stranger').sign(accessClaims(pool)))
    assert.equal((await ask(app, other)).status, 200)
    // By timers of this process, from when the keys were asked for: on a busy machine both are late, and never in
    // another order.
    while (upstream.requests.length < 2) await new Promise(setImmediate)
    let errorsInTime: number | undefined
    const timer = setTimeout(() => (errorsInTime = app.errors.length), 2_000)
    const { status, headers, body } = await waiting
    clearTimeout(timer)
    assert.notEqual(errorsInTime, 0, 'the error handler was called after the time limit')
    assert.deepEqual([status, headers.get('retry-after')], [503, '5'])
    assert.equal((JSON.parse(body) as { error: string }).error, 'ERR_COGNITO_UNAVAILABLE')
    // Beyond the first megabyte the sockets between hold what was sent; nobody read it.
    assert.ok(upstream.bytesSent() < 20 * 1024 * 1024, `${upstream.bytesSent()} bytes were taken`)
    assert.equal((await ask(app, good)).status, 200)
    assert.deepEqual([app.handled, app.nexts, app.errors.length], [3, 4, 1])
  })
}

test('BV-30 tokens of 17 kB, 64 kB and 5 MB are 401 without being parsed, where headers may be that long', async (t) => {
  const pool = new UserPool({ ...local.userPool, fetch: async () => Response.json({ keys: [signer.jwk] }) })
  const other = new UserPool({ userPoolId: 'eu-west-1_AbCdEf123', clientId: pool.clientId })
  const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
  const tokens = [
    ...[12_300, 48_000, 3_750_000].map((size) =>
      signer.sign(accessClaims(pool, { filler: 'x'.repeat(size) })),
    ),
    `${signingInput({ alg: 'RS256', kid: 'key1' }, deep)}.c2ln`,
  ]
  for (const userPool of [pool, [other, pool]]) {
    const app = await appFor(t, pool, { maxHeaderSize: 8 * 1024 * 1024, bearer: { userPool } })
    assert.equal((await ask(app, signer.sign(accessClaims(pool)))).status, 200)
    for (const long of tokens) {
      assert.ok(long.length > 16_384)
      const parse = t.mock.method(JSON, 'parse')
      await refused(app, long)
      assert.equal(parse.mock.callCount(), 0, 'JSON was parsed')
      parse.mock.restore()
      // Of this process: others on the machine do not count.
      const start = process.cpuUsage()
      await assert.rejects(pool.verify(long, { tokenUse: 'access' }))
      const { user, system } = process.cpuUsage(start)
      const took = (user + system) / 1_000
      assert.ok(took <= 20, `${long.length} characters take ${took} ms`)
    }
  }
})

test('BV-30 a token just short enough may nest as deep as it likes', async (t) => {
  const pool = new UserPool({ ...local.userPool, fetch: async () => Response.json({ keys: [signer.jwk] }) })
  const app = await appFor(t, pool, { maxHeaderSize: 64 * 1024 })
  for (const deep of [
    '['.repeat(5_400) + ']'.repeat(5_400),
    '{"a":'.repeat(1_700) + '1' + '}'.repeat(1_700),
  ]) {
    const payload = JSON.stringify(accessClaims(pool)).replace(/}$/, `,"deep":${deep}}`)
    const signed = signer.sign(payload)
    assert.ok(signed.length > 13_000 && signed.length <= 16_384, `${signed.length}`)
    const { status } = await ask(app, signed)
    assert.ok(status === 200 || status === 401, `${status}: ${String(app.errors.at(-1))}`)
  }
})

test('BV-30 headers over the limit of Node are 431, and the process lives', async (t) => {
  const app = await appFor(t, new UserPool(local.userPool))
  for (const size of [17_000, 64_000]) assert.equal((await ask(app, 'e'.repeat(size))).status, 431)
  assert.deepEqual([app.handled, app.nexts], [0, 0])
  assert.equal((await ask(app, token)).status, 200)
})

test('BV-31 no other spelling of a token that was taken is taken, however often it comes', async (t) => {
  const app = await appFor(t, new UserPool(local.userPool))
  assert.equal((await ask(app, token)).status, 200)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const [header = '', payload = '', signature = ''] = token.split('.')
  const spellings = [
    ...[...alphabet].map((last) => token.slice(0, -1) + last).filter((other) => other !== token),
    ...[
      `${token}=`,
      `${token}==`,
      `${header}=.${payload}.${signature}`,
      `${header}.${payload}=.${signature}`,
    ],
    // The standard alphabet decodes to the same bytes.
    `${header}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}`,
    `${token}A`,
  ].filter((other) => other !== token)
  const bytes = (text: string) =>
    text
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('hex'))
      .join('.')
  assert.ok(spellings.filter((other) => bytes(other) === bytes(token)).length >= 6, 'these are other tokens')
  for (const other of [...spellings, ...spellings]) await refused(app, other)
  assert.equal((await ask(app, token)).status, 200)
  assert.equal(local.requests.count('jwks'), 1)
})
