import assert from 'node:assert/strict'
import { test } from 'node:test'
import { andThen } from '../../src/lib/and-then.ts'

test('with a value it goes on at once, and what is thrown is thrown at once', () => {
  assert.equal(
    andThen(1, (one) => one + 1),
    2,
  )
  assert.throws(
    () =>
      andThen(1, () => {
        throw new RangeError('no')
      }),
    RangeError,
  )
})

test('with a promise it goes on when that resolves, and not at all when it rejects', async () => {
  assert.equal(await andThen(Promise.resolve(1), (one) => one + 1), 2)
  const failed = Promise.reject<number>(new RangeError('no'))
  await assert.rejects(async () => andThen(failed, () => assert.fail('went on')), RangeError)
})

test('a promise of another class is waited for too, as where the app has replaced the global Promise', async () => {
  const native = Promise
  try {
    globalThis.Promise = class Replaced<T> extends Promise<T> {}
    let went = false
    const going = andThen((async () => true)(), () => (went = true))
    assert.equal(went, false)
    assert.equal(await going, true)
  } finally {
    globalThis.Promise = native
  }
})
