import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitedFetch } from '../../src/lib/limited-fetch.ts'
import { startUpstream, type Upstream, type UpstreamAnswer } from '../support/upstream.ts'

async function upstreamFor(
  t: { after(stop: () => unknown): void },
  answer: UpstreamAnswer,
): Promise<Upstream> {
  const upstream = await startUpstream(answer)
  t.after(() => upstream.close())
  return upstream
}
/** Patient, because the machine may be busy: only what never ends meets a limit. */
const get = limitedFetch((url, init) => fetch(url, init), 60_000)
const hurriedGet = limitedFetch((url, init) => fetch(url, init), 400)

test('a whole answer comes back with its status, headers and body', async (t) => {
  const { url } = await upstreamFor(t, { status: 418, headers: { 'x-a': 'b' }, body: '{"a":1}' })
  const response = await get(url, {})
  assert.deepEqual([response.status, response.headers.get('x-a'), response.ok], [418, 'b', false])
  assert.deepEqual(await response.json(), { a: 1 })
})

for (const status of [204, 304]) {
  test(`${status} has no body`, async (t) => {
    const { url } = await upstreamFor(t, { status })
    const response = await get(url, {})
    assert.deepEqual([response.status, await response.text()], [status, ''])
  })
}

for (const answer of ['hang', 'drip'] as const) {
  test(`a server that answers with "${answer}" is given up after the time limit`, async (t) => {
    const { url } = await upstreamFor(t, answer)
    const start = performance.now()
    // By timers of this process: on a busy machine both are late, and never in another order.
    let late = false
    const timer = setTimeout(() => (late = true), 1_500)
    await assert.rejects(hurriedGet(url, {}), { name: 'TimeoutError' })
    clearTimeout(timer)
    const took = performance.now() - start
    assert.ok(took >= 390 && !late, `${took} ms`)
  })
}

test('a body of more than 1 MB is refused, and the rest of it is not taken', async (t) => {
  const upstream = await upstreamFor(t, 'huge')
  await assert.rejects(limitedFetch(fetch, 5_000)(upstream.url, {}), RangeError)
  const taken = upstream.bytesSent()
  assert.ok(taken < 20 * 1024 * 1024)
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.ok(upstream.bytesSent() - taken < 5 * 1024 * 1024, 'the connection is still being read')
})

test('a body of exactly 1 MB is taken', async (t) => {
  const { url } = await upstreamFor(t, { body: 'x'.repeat(1024 * 1024) })
  assert.equal((await (await limitedFetch(fetch, 5_000)(url, {})).text()).length, 1024 * 1024)
})

test('a dropped connection rejects', async (t) => {
  const { url } = await upstreamFor(t, 'reset')
  await assert.rejects(get(url, {}), TypeError)
})

test('a fetch of the app that ignores the signal does not make anybody wait', async () => {
  const deaf = limitedFetch(() => new Promise<Response>(() => undefined), 50)
  await assert.rejects(deaf('http://127.0.0.1', {}), { name: 'TimeoutError' })
})

test('a fetch of the app that throws at once rejects', async () => {
  const broken = limitedFetch(() => {
    throw new TypeError('broken')
  }, 50)
  await assert.rejects(broken('http://127.0.0.1', {}), /broken/)
})

test('the signal of the caller still counts', async (t) => {
  const { url } = await upstreamFor(t, 'hang')
  const caller = new AbortController()
  setTimeout(() => caller.abort(new Error('the caller left')), 20)
  await assert.rejects(get(url, { signal: caller.signal }), /the caller left/)
})

test('what the caller asks for reaches the server', async (t) => {
  const upstream = await upstreamFor(t, {})
  await get(`${upstream.url}/a?b`, { method: 'POST', body: 'c' })
  assert.deepEqual(upstream.requests, [{ method: 'POST', path: '/a?b' }])
})

test('a process that stood still reads what came in meanwhile before it gives up', async () => {
  // After the timers that are due by then.
  const arrived = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  const answered = limitedFetch(() => arrived().then(() => new Response('in time')), 50)(
    'http://localhost',
    {},
  )
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
  assert.equal(await (await answered).text(), 'in time')
})
