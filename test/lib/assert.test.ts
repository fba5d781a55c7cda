import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigurationError } from '../../src/errors.ts'
import {
  assertInstance,
  assertKnownOptions,
  assertOptionalFunction,
  brand,
  isLoopback,
  optionalBoolean,
  optionalNumber,
  optionalText,
  requireText,
  requireUrl,
} from '../../src/lib/assert.ts'

const refused = (run: () => unknown, message: RegExp) => {
  assert.throws(run, (error) => {
    assert.ok(error instanceof ConfigurationError, String(error))
    assert.match(error.message, message)
    return true
  })
}

test('a text is a string with something in it; words that come from unset variables count as nothing', () => {
  assert.equal(requireText('Owner', 'name', 'value', '"x"'), 'value')
  assert.equal(optionalText('Owner', 'name', undefined, '"x"'), undefined)
  refused(
    () => requireText('Owner', 'name', undefined, '"x"'),
    /^Owner needs the option "name", for example "x"\.$/,
  )
  for (const value of ['', ' ', '\t\n', 'undefined', 'null', null, 7, {}, ['a']])
    refused(() => optionalText('Owner', 'name', value, '"x"'), /^Owner: "name" must be a non-empty string/)
})

test('a number is finite and within its bounds', () => {
  const bounds = { min: 1, max: 10, fallback: 5 }
  assert.deepEqual(
    [undefined, 1, 10, 2.5].map((value) => optionalNumber('Owner', 'name', value, bounds)),
    [5, 1, 10, 2.5],
  )
  for (const value of [0, 11, Number.NaN, Infinity, '5', null, 5n])
    refused(() => optionalNumber('Owner', 'name', value, bounds), /"name" must be a number from 1 to 10/)
})

test('a boolean is true or false, not what looks like one', () => {
  assert.deepEqual(
    [undefined, true, false].map((value) => optionalBoolean('Owner', 'name', value, true)),
    [true, true, false],
  )
  for (const value of ['true', 'false', 0, 1, null])
    refused(() => optionalBoolean('Owner', 'name', value, true), /"name" must be true or false/)
})

test('a function is a function', () => {
  assertOptionalFunction('Owner', 'name', undefined)
  assertOptionalFunction('Owner', 'name', () => 1)
  for (const value of [null, {}, 'f']) refused(() => assertOptionalFunction('Owner', 'name', value), /"name"/)
})

test('options are an object with known names', () => {
  assertKnownOptions('Owner', { a: 1 }, ['a', 'b'])
  assertKnownOptions('Owner', Object.create(null), ['a', 'b'])
  refused(
    () => assertKnownOptions('Owner', { c: 1 }, ['a', 'b']),
    /Owner has no option "c"\. Its options are: a, b\./,
  )
  refused(() => assertKnownOptions('Owner', JSON.parse('{"__proto__":1}'), ['a']), /no option "__proto__"/)
  for (const value of [undefined, null, 'a', 7, [], ['a']])
    refused(() => assertKnownOptions('Owner', value, ['a', 'b']), /Owner takes an options object: \{ a, b \}/)
})

test('CF-10 an instance is told by its brand: another copy of the package works, a namesake does not', () => {
  class Minified {
    readonly [brand] = 'UserPool'
  }
  class UserPool {}
  assertInstance('Owner', 'name', new Minified(), 'UserPool')
  for (const value of [
    undefined,
    null,
    {},
    'UserPool',
    UserPool,
    new UserPool(),
    { [brand]: 'IdentityPool' },
  ])
    refused(
      () => assertInstance('Owner', 'name', value, 'UserPool'),
      /"name" must be a UserPool: new UserPool/,
    )
})

test('a URL is https, or http on loopback only', () => {
  for (const value of [
    'https://a.example/b?c',
    'http://localhost:3000',
    'http://127.0.0.1:1',
    'http://[::1]/x',
  ])
    assert.equal(requireUrl('Owner', 'name', value, '"x"').href, new URL(value).href)
  const wrong: [unknown, RegExp][] = [
    ['http://a.example', /must be an https URL/],
    ['http://localhost.a.example', /must be an https URL/],
    ['http://127.0.0.1.a.example', /must be an https URL/],
    ['http://10.0.0.1', /must be an https URL/],
    ['javascript:alert(1)', /must be an https URL/],
    ['/a', /must be an absolute URL/],
    ['a.example', /must be an absolute URL/],
    ['https://*.a.example', /without wildcards/],
    ['https://a.example/*', /without wildcards/],
    ['https://a.example/#b', /must have no fragment/],
    ['https://a.example/#', /must have no fragment/],
    ['https://u@a.example', /no user name or password/],
    ['https://:p@a.example', /no user name or password/],
    [undefined, /needs the option "name"/],
    [new URL('https://a.example'), /must be a non-empty string/],
  ]
  for (const [value, message] of wrong) refused(() => requireUrl('Owner', 'name', value, '"x"'), message)
})

test('no message repeats a value', () => {
  const value = 'p4ssword'
  for (const run of [
    () => requireUrl('Owner', 'name', `https://u:${value}@a.example`, '"x"'),
    () => requireUrl('Owner', 'name', value, '"x"'),
    () => optionalNumber('Owner', 'name', value, { min: 0, max: 1, fallback: 0 }),
    () => assertKnownOptions('Owner', { secrett: value }, ['secret']),
    () => assertInstance('Owner', 'name', value, 'UserPool'),
  ])
    assert.throws(run, (error: Error) => !error.message.includes(value))
})

test('loopback is localhost, 127.0.0.0/8 and [::1]', () => {
  for (const host of ['localhost', '127.0.0.1', '127.255.0.9', '[::1]'])
    assert.equal(isLoopback(host), true, host)
  for (const host of [
    '',
    'localhost.',
    'a.localhost',
    '127.0.0.1.a.example',
    '128.0.0.1',
    '0.0.0.0',
    '[::2]',
    '::1',
  ])
    assert.equal(isLoopback(host), false, host)
})
