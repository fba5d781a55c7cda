import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownerOf } from '../../src/index.ts'

const claims = {
  iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123',
  aud: 'client',
  sub: 'ana',
  'cognito:groups': ['editors'],
  'custom:tenant': 'acme',
}

test('an owner is the issuer, the app client and the subject of the claims', () => {
  const { issuer, clientId, subject, roles } = ownerOf(claims)
  assert.deepEqual([issuer, clientId, subject, roles], [claims.iss, 'client', 'ana', []])
})

for (const name of [
  'exp',
  'iat',
  'nbf',
  'jti',
  'auth_time',
  'event_id',
  'at_hash',
  'nonce',
  'origin_jti',
  'token_use',
])
  test(`the next token of the same rights is the same role, whatever its ${name}`, () => {
    const [one, other] = [ownerOf({ ...claims, [name]: 1 }), ownerOf({ ...claims, [name]: 2 })]
    assert.equal(one.role, other.role)
    assert.equal(one.role, ownerOf(claims).role)
  })

for (const [name, value] of Object.entries({
  'cognito:groups': ['readers'],
  'cognito:preferred_role': 'arn:aws:iam::123456789012:role/editors',
  'custom:tenant': 'other',
  email: 'ana@example.com',
}))
  test(`another ${name} is another role: it may choose the role, or its session tags`, () => {
    assert.notEqual(ownerOf({ ...claims, [name]: value }).role, ownerOf(claims).role)
  })

test('the order of the claims says nothing', () => {
  const names = Object.keys(claims)
  const orders = [names.toReversed(), names.toSorted(), [...names.slice(2), ...names.slice(0, 2)]]
  for (const order of orders) {
    const reordered = Object.fromEntries(order.map((name) => [name, claims[name as keyof typeof claims]]))
    assert.equal(ownerOf(reordered).role, ownerOf(claims).role)
  }
})

test('roles are the names in cognito:roles, and frozen', () => {
  const { roles } = ownerOf({ ...claims, 'cognito:roles': ['arn:one', 7, null, 'arn:two'] })
  assert.deepEqual(roles, ['arn:one', 'arn:two'])
  assert.ok(Object.isFrozen(roles))
  assert.deepEqual(ownerOf({ ...claims, 'cognito:roles': 'arn:one' }).roles, [])
})

for (const name of ['iss', 'aud', 'sub'])
  for (const value of [undefined, '', null, 7, ['ana']])
    test(`claims whose ${name} is ${JSON.stringify(value)} name no owner`, () => {
      assert.throws(() => ownerOf({ ...claims, [name]: value }), TypeError)
    })
