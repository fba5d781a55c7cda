import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Concurrency } from '../../src/lib/concurrency.ts'
import { RequestRate } from '../../src/lib/request-rate.ts'

const patient = () => new AbortController().signal

/** Unlike AbortSignal.timeout(), its timer keeps the process alive. */
function impatient(): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new DOMException('too late', 'TimeoutError')), 5)
  return controller.signal
}

describe('RequestRate', () => {
  test('a second’s worth begins at once, the rest in order as the allowance comes back', async () => {
    const rate = new RequestRate(20)
    const begun: number[] = []
    const start = performance.now()
    await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        await rate.enter(patient())
        begun.push(index)
      }),
    )
    const took = performance.now() - start
    assert.deepEqual(
      begun,
      Array.from({ length: 30 }, (_, index) => index),
    )
    // Ten had to wait for a twentieth of a second each. A slow machine makes it longer, never shorter.
    assert.ok(took >= 450, `${took} ms`)
  })

  test('who has waited too long is told so, and takes nobody’s turn', async () => {
    const rate = new RequestRate(10)
    for (let call = 0; call < 10; call += 1) await rate.enter(patient())
    const late = rate.enter(impatient())
    const next = rate.enter(patient())
    assert.ok(rate.waitSeconds >= 1)
    await assert.rejects(late as Promise<void>, { name: 'TimeoutError' })
    await next
  })

  test('a rate of less than one a second lets one begin', async () => {
    const rate = new RequestRate(0.5)
    assert.equal(rate.enter(patient()), undefined)
    assert.equal(rate.waitSeconds, 2)
  })

  test('a pause saves up no more than a second’s worth', async () => {
    const rate = new RequestRate(50)
    await sleep(60)
    let atOnce = 0
    while (rate.enter(AbortSignal.abort()) === undefined) atOnce += 1
    assert.ok(atOnce >= 50 && atOnce <= 60, `${atOnce}`)
  })
})

describe('Concurrency', () => {
  test('no more than so many at once, in order', async () => {
    const room = new Concurrency(3)
    let underWay = 0
    let most = 0
    const begun: number[] = []
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        room.run(patient(), async () => {
          begun.push(index)
          most = Math.max(most, (underWay += 1))
          await sleep(1)
          underWay -= 1
        }),
      ),
    )
    assert.equal(most, 3)
    assert.deepEqual(
      begun,
      Array.from({ length: 20 }, (_, index) => index),
    )
  })

  test('a call that fails leaves its place to the next', async () => {
    const room = new Concurrency(1)
    const failing = room.run(patient(), () => Promise.reject(new Error('broken')))
    const next = room.run(patient(), () => Promise.resolve('fine'))
    await assert.rejects(failing, /broken/)
    assert.equal(await next, 'fine')
  })

  test('who gave up waiting takes no place', async () => {
    const room = new Concurrency(1)
    let finish = () => {}
    const long = room.run(patient(), () => new Promise<void>((resolve) => (finish = resolve)))
    await assert.rejects(
      room.run(impatient(), () => Promise.resolve()),
      { name: 'TimeoutError' },
    )
    finish()
    await long
    assert.equal(await room.run(patient(), () => Promise.resolve('free')), 'free')
  })
})
