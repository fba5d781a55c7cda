import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deepFreeze } from '../../src/lib/deep-freeze.ts'

test('every level of objects and arrays is frozen, and the value is the same', () => {
  const value = { a: [{ b: { c: [1] } }], d: null, e: 'text' }
  assert.equal(deepFreeze(value), value)
  assert.throws(() => value.a.push({ b: { c: [] } }), TypeError)
  assert.throws(() => value.a[0]?.b.c.push(2), TypeError)
  assert.throws(() => Object.assign(value, { f: 1 }), TypeError)
})

test('what is no object is given back', () => {
  for (const value of [undefined, null, 7, 'text', true]) assert.equal(deepFreeze(value), value)
})

test('a value that holds itself ends', () => {
  const value: { self?: unknown } = {}
  value.self = value
  assert.ok(Object.isFrozen(deepFreeze(value)))
})

test('a value may nest deeper than the stack', () => {
  let value: unknown[] = []
  for (let depth = 0; depth < 100_000; depth += 1) value = [value]
  deepFreeze(value)
  let innermost = value
  while (innermost.length > 0) innermost = innermost[0] as unknown[]
  assert.ok(Object.isFrozen(innermost))
})
