import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigurationError, IdentityPool, session, UserPool } from '../../src/index.ts'

const userPool = new UserPool({ userPoolId: 'eu-west-1_AbCdEf123', clientId: '4ifa83b1k2example9c0d1e2f3' })
const identityPool = new IdentityPool({ identityPoolId: 'eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c' })

const rows: [what: string, options: unknown, message: RegExp][] = [
  ['no options', undefined, /^session takes an options object: \{ userPool, identityPool, staleBefore, max/],
  ['an option that it does not have', { userPool, maxAge: 1 }, /^session has no option "maxAge"/],
  ['no user pool', {}, /^session: "userPool" must be a UserPool/],
  ['the options of a user pool', { userPool: {} }, /^session: "userPool" must be a UserPool/],
  ['an identity pool as user pool', { userPool: identityPool }, /^session: "userPool" must be a UserPool/],
  [
    'a user pool as identity pool',
    { userPool, identityPool: userPool },
    /^session: "identityPool" must be a Id/,
  ],
  ['no identity pool by mistake', { userPool, identityPool: null }, /^session: "identityPool" must be a Id/],
  [
    'a staleBefore that is a date',
    { userPool, staleBefore: new Date() },
    /^session: "staleBefore" must be a fun/,
  ],
  [
    'a maxAgeSeconds of zero',
    { userPool, maxAgeSeconds: 0 },
    /^session: "maxAgeSeconds" must be a number from 1 to/,
  ],
  [
    'a maxAgeSeconds of eleven years',
    { userPool, maxAgeSeconds: 11 * 365 * 86_400 },
    /^session: "maxAgeSeconds"/,
  ],
]
for (const [what, options, message] of rows) {
  test(`session() with ${what} says at construction what is wrong`, () => {
    assert.throws(() => session(options as never), { name: ConfigurationError.name, message })
  })
}

test('session() takes each of its options', () => {
  for (const options of [{}, { identityPool }, { staleBefore: () => undefined }, { maxAgeSeconds: 1 }])
    assert.equal(typeof session({ userPool, ...options }), 'function')
})
