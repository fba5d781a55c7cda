import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { InvalidTokenError, UnavailableError, UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { startUpstream, type UpstreamAnswer } from '../support/upstream.ts'
import { refused } from './refusal.ts'
import { accessClaims, createSigner } from './signer.ts'

const users = [{ username: 'ana', password: 'Passw0rd!' }]
const access = { tokenUse: 'access' } as const
const signer = createSigner('key1')
let local: LocalCognito
let userPool: UserPool

before(async () => {
  local = await startLocalCognito({ users })
})
after(() => local.close())
beforeEach(() => {
  userPool = new UserPool(local.userPool)
  local.requests.clear()
})

async function unavailable(attempt: Promise<unknown>): Promise<UnavailableError> {
  const error = await attempt.then(
    () => assert.fail('accepted'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof UnavailableError, String(error))
  assert.equal(error.status, 503)
  assert.deepEqual(error.headers, { 'Retry-After': '5' })
  return error
}

test('BV-16 1,000 tokens with unknown keys among 1,000 good ones cause at most two fetches', async () => {
  const good = await local.issueToken(access)
  const strangers = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) =>
      local.issueToken({ ...access, header: { kid: `stranger${index}` } }),
    ),
  )
  const outcomes = await Promise.allSettled(
    strangers.flatMap((stranger) => [userPool.verify(stranger, access), userPool.verify(good, access)]),
  )
  for (const [index, outcome] of outcomes.entries()) {
    if (index % 2 === 1) assert.equal(outcome.status, 'fulfilled')
    else assert.ok(outcome.status === 'rejected' && outcome.reason instanceof InvalidTokenError)
  }
  assert.ok(local.requests.count('jwks') <= 2, `${local.requests.count('jwks')} fetches`)
})

test('a key that appears later is found, ten seconds after the last fetch at the latest', async (t) => {
  const upstream = await startUpstream({ body: JSON.stringify({ keys: [createSigner('old').jwk] }) })
  t.after(() => upstream.close())
  const pool = new UserPool({ ...local.userPool, endpoint: upstream.url })
  const token = signer.sign(accessClaims(pool))
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  await refused(pool.verify(token, access), 'unknown_key', token)
  upstream.answer = { body: JSON.stringify({ keys: [signer.jwk] }) }
  await refused(pool.verify(token, access), 'unknown_key', token)
  assert.equal(upstream.requests.length, 1)
  t.mock.timers.tick(10_000)
  assert.equal((await pool.verify(token, access)).token_use, 'access')
  assert.equal(upstream.requests.length, 2)
})

test('BV-28 once warm, a day without the JWKS changes nothing for known keys, and is not hammered', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  await userPool.verify(await local.issueToken(access), access)
  const heal = local.fail('jwks', { status: 500 })
  t.after(heal)
  const stranger = { ...access, header: { kid: 'stranger' } }
  for (let hour = 1; hour <= 24; hour += 1) {
    t.mock.timers.tick(3_600_000)
    for (let index = 0; index < 5; index += 1) {
      assert.equal((await userPool.verify(await local.issueToken(access), access)).token_use, 'access')
      // Whether this key exists cannot be told now, so nobody is called a liar.
      await unavailable(userPool.verify(await local.issueToken(stranger), access))
    }
    assert.equal(local.requests.count('jwks'), 1 + hour, 'one attempt for each time that a fetch was due')
  }
})

test('without any key the fetch is repeated after a second, and not before', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const heal = local.fail('jwks', { status: 503 })
  const token = await local.issueToken(access)
  for (let index = 0; index < 20; index += 1) await unavailable(userPool.verify(token, access))
  assert.equal(local.requests.count('jwks'), 1)
  heal()
  t.mock.timers.tick(1_000)
  assert.equal((await userPool.verify(token, access)).token_use, 'access')
  assert.equal(local.requests.count('jwks'), 2)
})

const answers: [string, UpstreamAnswer][] = [
  ['an empty list of keys', { body: '{"keys":[]}' }],
  ['keys without a kid', { body: JSON.stringify({ keys: [{ ...signer.jwk, kid: undefined }] }) }],
  ['no keys at all', { body: '{}' }],
  ['null', { body: 'null' }],
  ['a list', { body: '[]' }],
  ['keys that are no list', { body: '{"keys":{"a":1}}' }],
  ['404 with good keys', { status: 404, body: JSON.stringify({ keys: [signer.jwk] }) }],
  ['HTML', 'garbage'],
  ['JSON that stops in the middle', 'truncated'],
  ['a dropped connection', 'reset'],
]
for (const [what, answer] of answers) {
  test(`${what} in place of the JWKS is 503, and leaves known keys in place`, async (t) => {
    const upstream = await startUpstream(answer)
    t.after(() => upstream.close())
    const pool = new UserPool({ ...local.userPool, endpoint: upstream.url })
    const token = signer.sign(accessClaims(pool))
    const error = await unavailable(pool.verify(token, access))
    assert.equal(error.message, 'The signing keys of the user pool could not be fetched.')

    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 1_000 })
    upstream.answer = { body: JSON.stringify({ keys: [signer.jwk] }) }
    assert.equal((await pool.verify(token, access)).token_use, 'access')
    upstream.answer = answer
    t.mock.timers.tick(10_000)
    await unavailable(pool.verify(createSigner('stranger').sign(accessClaims(pool)), access))
    assert.equal((await pool.verify(token, access)).token_use, 'access')
    assert.equal(upstream.requests.length, 3)
  })
}

test('a redirect of the JWKS is not followed, wherever it leads', async (t) => {
  const elsewhere = await startUpstream({ body: JSON.stringify({ keys: [signer.jwk] }) })
  t.after(() => elsewhere.close())
  const upstream = await startUpstream({ status: 302, headers: { location: elsewhere.url } })
  t.after(() => upstream.close())
  const pool = new UserPool({ ...local.userPool, endpoint: upstream.url })
  await unavailable(pool.verify(signer.sign(accessClaims(pool)), access))
  assert.deepEqual(elsewhere.requests, [])
})

for (const answer of ['hang', 'drip', 'huge'] as const) {
  test(`BV-29 a JWKS that answers with "${answer}" ends in 503 within timeoutMs; the good keys stay`, async (t) => {
    const upstream = await startUpstream({ body: JSON.stringify({ keys: [signer.jwk] }) })
    t.after(() => upstream.close())
    const pool = new UserPool({ ...local.userPool, endpoint: upstream.url, timeoutMs: 1_500 })
    const token = signer.sign(accessClaims(pool))
    await pool.verify(token, access)
    upstream.answer = answer
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 10_000 })
    const stranger = createSigner('stranger').sign(accessClaims(pool))
    const [rss, start] = [process.memoryUsage.rss(), performance.now()]
    // By timers of this process: on a busy machine both are late, and never in another order.
    let late = false
    const timer = setTimeout(() => (late = true), 2_500)
    await unavailable(pool.verify(stranger, access))
    const took = performance.now() - start
    clearTimeout(timer)
    assert.equal(late, false, `${took} ms`)
    if (answer !== 'huge') assert.ok(took >= 1_400, `the time limit is not what ended it: ${took} ms`)
    // What was sent beyond the first megabyte is what the sockets between hold.
    assert.ok(upstream.bytesSent() < 20 * 1024 * 1024, `${upstream.bytesSent()} bytes were taken`)
    assert.ok(process.memoryUsage.rss() - rss < 40 * 1024 * 1024)
    assert.equal((await pool.verify(token, access)).token_use, 'access')
  })
}

test('while keys are being fetched, tokens with known keys do not wait', async (t) => {
  const pool = new UserPool({ ...local.userPool, timeoutMs: 800 })
  const token = await local.issueToken(access)
  await pool.verify(token, access)
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 10_000 })
  t.after(local.fail('jwks', 'hang'))
  let waiting = true
  const stranger = pool.verify(await local.issueToken({ ...access, header: { kid: 'stranger' } }), access)
  const answered = unavailable(stranger).finally(() => (waiting = false))
  assert.equal((await pool.verify(token, access)).token_use, 'access')
  assert.equal(waiting, true)
  await answered
})

test('one damaged key among good ones costs no other key, and its own former self stays', async (t) => {
  const [good, other] = [createSigner('good'), createSigner('other')]
  const upstream = await startUpstream({ body: JSON.stringify({ keys: [good.jwk, other.jwk] }) })
  t.after(() => upstream.close())
  const pool = new UserPool({ ...local.userPool, endpoint: upstream.url })
  const verify = async (by: typeof good, count: number) =>
    (await pool.verify(by.sign(accessClaims(pool, { count })), access)).token_use
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  await verify(good, 1)
  for (const damage of [{ n: 'AQAB' }, { n: undefined }, { e: '' }, { kty: 'EC' }]) {
    const fresh = createSigner('fresh')
    upstream.answer = { body: JSON.stringify({ keys: [{ ...good.jwk, ...damage }, other.jwk, fresh.jwk] }) }
    t.mock.timers.tick(10_000)
    assert.equal(await verify(fresh, 2), 'access', JSON.stringify(damage))
    assert.equal(await verify(other, 2), 'access')
    assert.equal(await verify(good, 2), 'access')
    // Whole again before the next damage.
    upstream.answer = { body: JSON.stringify({ keys: [good.jwk, other.jwk] }) }
    t.mock.timers.tick(10_000)
    await refused(pool.verify(createSigner('stranger').sign(accessClaims(pool)), access), 'unknown_key')
  }
})

test('a clock that is set back an hour makes nobody wait an hour for a new key', async (t) => {
  const upstream = await startUpstream({ body: JSON.stringify({ keys: [createSigner('old').jwk] }) })
  t.after(() => upstream.close())
  const pool = new UserPool({ ...local.userPool, endpoint: upstream.url, graceSeconds: 300 })
  const start = Date.now()
  t.mock.timers.enable({ apis: ['Date'], now: start })
  await refused(pool.verify(signer.sign(accessClaims(pool)), access), 'unknown_key')
  upstream.answer = { body: JSON.stringify({ keys: [signer.jwk] }) }
  t.mock.timers.setTime(start - 3_600_000)
  assert.equal((await pool.verify(signer.sign(accessClaims(pool)), access)).token_use, 'access')
})
