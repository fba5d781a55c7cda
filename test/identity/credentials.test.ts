import assert from 'node:assert/strict'
import { afterEach, mock, test } from 'node:test'
import { inspect } from 'node:util'
import { toCredentials } from '../../src/identity/credentials.ts'
import { at, minutes, start } from './clock.ts'

const issued = (lifeMs: number) => ({
  AccessKeyId: 'ASIA-1',
  SecretKey: 'secret-1',
  SessionToken: 'session-1',
  Expiration: new Date(start + lifeMs),
})
const identityId = 'eu-west-1:00000000-0000-4000-8000-000000000001'

afterEach(() => mock.timers.reset())

test('nobody can give credentials a longer life: the date that all share cannot be set', () => {
  at(start)
  const credentials = toCredentials(issued(60 * minutes), identityId)
  assert.ok(credentials)
  const { expiration } = credentials
  const setters = Object.getOwnPropertyNames(Date.prototype).filter((name) => name.startsWith('set'))
  assert.ok(setters.length >= 15)
  for (const name of setters)
    assert.throws(() => (expiration[name as 'setTime'] as (value: number) => unknown)(0), TypeError, name)
  assert.equal(expiration.getTime(), start + 60 * minutes)
  assert.ok(expiration instanceof Date)
  assert.throws(() => Object.assign(credentials, { accessKeyId: 'other' }), TypeError)
})

test('SH-03 they show no secret, logged or as JSON, and say where they came from', () => {
  at(start)
  const credentials = toCredentials(issued(60 * minutes), identityId)
  for (const text of [inspect(credentials), JSON.stringify(credentials), JSON.stringify({ credentials })])
    assert.doesNotMatch(text, /secret-1|session-1|ASIA-1/)
  // The mark of the AWS SDK for credentials of code; an object without one would be written to.
  assert.deepEqual((credentials as unknown as Record<string, unknown>)['$source'], { CREDENTIALS_CODE: 'e' })
})

test('IC-19 credentials that have expired, or outlive all that AWS gives, are none', () => {
  at(start)
  const alive = (lifeMs: number) => toCredentials(issued(lifeMs), identityId) !== undefined
  assert.deepEqual([-1, 0, 1].map(alive), [false, false, true])
  const longest = 13 * 60 * minutes
  assert.deepEqual([longest, longest + 1].map(alive), [true, false])
})

for (const part of ['AccessKeyId', 'SecretKey', 'SessionToken', 'Expiration'])
  for (const value of [undefined, null, '', 7, 'tomorrow', new Date(Number.NaN)])
    test(`IC-19 an answer whose ${part} is ${String(value)} is none`, () => {
      at(start)
      const answer = { ...issued(60 * minutes), [part]: value }
      const isText = typeof value === 'string' && value !== '' && part !== 'Expiration'
      assert.equal(toCredentials(answer, identityId) !== undefined, isText)
    })

test('credentials of nobody are none', () => {
  at(start)
  for (const nobody of [undefined, '']) assert.equal(toCredentials(issued(60 * minutes), nobody), undefined)
})
