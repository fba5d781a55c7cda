import assert from 'node:assert/strict'
import { test } from 'node:test'
import { targetOf } from '../../src/lib/request-target.ts'

test('path and query are as the client sent them, the whole path first', () => {
  const { path, query } = targetOf({ url: '/b', originalUrl: '/a%2Fb/../c?x=1&x=2&y=%20' })
  assert.equal(path, '/a%2Fb/../c')
  assert.deepEqual(query.getAll('x'), ['1', '2'])
  assert.equal(query.get('y'), ' ')
  assert.equal(targetOf({ url: '/b?c' }).path, '/b')
})

test('a target that is no URL never throws', () => {
  for (const url of ['//[', 'http://[', '', '*', '/%', '/a?%', '?', undefined])
    assert.equal(typeof targetOf({ url }).path, 'string')
  assert.equal(targetOf({ url: '/a?b?c=d' }).query.get('b?c'), 'd')
})
