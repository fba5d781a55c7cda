import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { redacted } from '../../src/lib/redacted.ts'

test('an object with secrets shows its names only when inspected, wherever it stands', () => {
  const tokens = redacted({ idToken: 's3cret', accessToken: 's3cret' })
  assert.equal(inspect(tokens), "{ idToken: '[redacted]', accessToken: '[redacted]' }")
  for (const shown of [inspect({ deep: [{ tokens }] }, { depth: 10 }), inspect(tokens, { showHidden: true })])
    assert.ok(!shown.includes('s3cret'), shown)
})

test('JSON, copies and comparisons see the values and nothing else', () => {
  const tokens = redacted({ idToken: 's3cret' })
  assert.equal(JSON.stringify(tokens), '{"idToken":"s3cret"}')
  assert.deepEqual({ ...tokens }, { idToken: 's3cret' })
  assert.deepEqual(Object.keys(tokens), ['idToken'])
})

test('it may be done twice', () => {
  const tokens = { idToken: 's3cret' }
  assert.equal(redacted(redacted(tokens)), tokens)
})

test('where asked for, JSON shows the names only as well', () => {
  assert.equal(
    JSON.stringify([redacted({ secretKey: 's3cret' }, { json: true })]),
    '[{"secretKey":"[redacted]"}]',
  )
})
