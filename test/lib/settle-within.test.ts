import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settleWithin } from '../../src/lib/settle-within.ts'

async function took(run: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

test('a promise that settles, either way, ends the wait', async () => {
  assert.ok((await took(() => settleWithin(Promise.resolve(1), 5_000))) < 1_000)
  assert.ok((await took(() => settleWithin(Promise.reject(new Error('no')), 5_000))) < 1_000)
})

test('a promise that never settles is left after the limit', async () => {
  const ms = await took(() => settleWithin(new Promise(() => undefined), 50))
  assert.ok(ms >= 45 && ms < 1_000, `${ms} ms`)
})

test('a promise that rejects after the limit harms nobody', async () => {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 30))
  await settleWithin(late, 5)
  await new Promise((resolve) => setTimeout(resolve, 60))
})
