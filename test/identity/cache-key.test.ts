import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOfOneIssuer, namedKey, ownerKey, tokensKey } from '../../src/identity/cache-key.ts'

const pool = 'eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c'
const owner = { issuer: 'https://idp.example.com', clientId: 'client', subject: 'ana', role: '' }

test('tokens are the same user in whatever order they are named', () => {
  const tokens = Object.entries({
    'graph.facebook.com': 'F',
    'accounts.google.com': 'G',
    'www.amazon.com': 'A',
  })
  const keys = [tokens, tokens.toReversed(), tokens.toSorted()].map((order) =>
    tokensKey(pool, Object.fromEntries(order), []),
  )
  assert.equal(new Set(keys.map(({ id }) => id)).size, 1)
})

test('a token under another provider, or with another one beside it, is another user', () => {
  const users = [
    { one: 'token' },
    { two: 'token' },
    { one: 'token', two: 'token' },
    { one: 'other' },
    { one: 'token', two: 'other' },
  ].map((tokens) => tokensKey(pool, tokens, []).user)
  assert.equal(new Set(users).size, users.length)
})

test('nobody is somebody else by having the same name in another way, or in another pool', () => {
  const users = [
    ...(['guest', 'developer', 'provider'] as const).map((kind) => namedKey(pool, kind, ['ana'], [])),
    namedKey('eu-west-1:other', 'guest', ['ana'], []),
    namedKey(pool, 'developer', ['login.my.app', 'ana'], []),
    tokensKey(pool, { developer: 'ana' }, []),
    tokensKey(pool, { guest: 'ana' }, []),
    ownerKey(pool, owner, []),
    ownerKey('eu-west-1:other', owner, []),
    ...(['issuer', 'clientId', 'subject'] as const).map((part) =>
      ownerKey(pool, { ...owner, [part]: 'other' }, []),
    ),
  ].map(({ user }) => user)
  assert.equal(new Set(users).size, users.length)
})

test('a user has an entry for each way to a role, all of which begin with the user', () => {
  const keys = [
    ownerKey(pool, owner, []),
    ownerKey(pool, { ...owner, role: 'admin' }, []),
    ownerKey(pool, owner, ['arn:one']),
    ownerKey(pool, owner, ['arn:one', 'arn:two']),
  ]
  assert.equal(new Set(keys.map(({ user }) => user)).size, 1)
  assert.equal(new Set(keys.map(({ id }) => id)).size, keys.length)
  for (const { id, user } of keys) assert.ok(id.startsWith(user) && id.length > user.length)
})

test('subjects are compared within one issuer, whatever the client', () => {
  const subjectOf = (other: Partial<typeof owner>) => ownerKey(pool, { ...owner, ...other }, []).subject ?? ''
  assert.equal(subjectOf({ clientId: 'other' }), subjectOf({}))
  assert.notEqual(subjectOf({ subject: 'ben' }), subjectOf({}))
  assert.ok(isOfOneIssuer(subjectOf({ subject: 'ben' }), subjectOf({})))
  assert.ok(!isOfOneIssuer(subjectOf({ issuer: 'https://other.example.com' }), subjectOf({})))
})

test('no key holds a name or a token', () => {
  for (const { user, id } of [ownerKey(pool, owner, ['arn:one']), tokensKey(pool, { one: 'ana' }, [])])
    assert.doesNotMatch(user + id, /ana|arn|idp|client/)
})
