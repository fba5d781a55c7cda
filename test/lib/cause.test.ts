import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { asError, summarise } from '../../src/lib/cause.ts'

test('a summary names the errors and their codes, and nothing that was sent or received', () => {
  const inner = Object.assign(new TypeError('refresh_token=s3cret'), { code: 'ECONNRESET', body: 's3cret' })
  const outer = Object.assign(new Error('got s3cret', { cause: inner }), {
    error: 'invalid_grant',
    request: 's3cret',
  })
  const summary = summarise(outer)
  assert.equal(summary.message, 'Error invalid_grant ← TypeError ECONNRESET')
  assert.ok(!inspect(summary, { depth: 10, showHidden: true }).includes('s3cret'))
  assert.equal(summary.cause, undefined)
})

test('a code that is no code is left out', () => {
  for (const code of ['a secret with spaces', 'x'.repeat(65), 7, {}, '<script>'])
    assert.equal(summarise(Object.assign(new Error('m'), { code })).message, 'Error')
})

test('a long or circular chain ends', () => {
  const loop = new Error('a')
  loop.cause = loop
  assert.equal(summarise(loop).message, 'Error ← Error ← Error ← Error')
})

test('what is no error is unknown', () => {
  for (const thrown of [undefined, null, 's3cret', { message: 's3cret' }])
    assert.equal(summarise(thrown).message, 'unknown')
})

test('whatever was thrown becomes an Error, since Express takes a falsy one for success', () => {
  const error = new RangeError('m')
  assert.equal(asError(error), error)
  for (const thrown of [undefined, null, 0, '', 's3cret', { message: 's3cret' }]) {
    assert.ok(asError(thrown) instanceof Error)
    assert.ok(!asError(thrown).message.includes('s3cret'))
  }
})
