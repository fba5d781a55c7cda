import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '../../src/lib/within.ts'

test('a promise that settles in time is passed on, either way', async () => {
  assert.equal(await within(Promise.resolve(1), 5_000), 1)
  await assert.rejects(within(Promise.reject(new Error('no')), 5_000), { message: 'no' })
})

test('a promise that never settles is left after the limit', async () => {
  await assert.rejects(within(new Promise(() => undefined), 20), { name: 'TimeoutError' })
})

test('a promise that rejects after the limit harms nobody', async () => {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 30))
  await assert.rejects(within(late, 5), { name: 'TimeoutError' })
  await new Promise((resolve) => setTimeout(resolve, 60))
})
