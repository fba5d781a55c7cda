import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { evaluate } from '../../src/local/aws/iam/evaluate.ts'
import { policyFrom } from '../../src/local/aws/iam/policy-document.ts'
import { matchesName, policyPattern } from '../../src/local/aws/iam/policy-pattern.ts'
import { requestContext } from '../../src/local/aws/iam/request-context.ts'

const sub = 'us-east-1:11111111-2222-4333-8444-555555555555'
const context = requestContext({
  'cognito-identity.amazonaws.com:sub': sub,
  'cognito-identity.amazonaws.com:amr': ['authenticated', 'graph.facebook.com', 'graph.facebook.com:fb1:a1'],
  'aws:PrincipalTag/team': 'sales',
  'aws:PrincipalTag/star': '*',
  's3:prefix': 'team/sales/',
})
const bucket = 'arn:aws:s3:::files'

const statement = (changes: object) => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: `${bucket}/*`,
  ...changes,
})
const decide = (
  statements: object | object[],
  resource = `${bucket}/a`,
  version: { Version?: string } = { Version: '2012-10-17' },
) =>
  evaluate([policyFrom({ ...version, Statement: statements }, 'permissions')], {
    action: 's3:GetObject',
    resource,
    context,
  })
const meets = (Condition: object) => decide(statement({ Condition })) === 'allowed'

test('nothing is allowed that no statement allows, and a statement that denies wins', () => {
  assert.equal(decide(statement({})), 'allowed')
  assert.equal(decide(statement({ Action: 's3:PutObject' })), 'not-allowed')
  assert.equal(decide(statement({}), 'arn:aws:s3:::other/a'), 'not-allowed')
  assert.equal(decide([statement({}), statement({ Effect: 'Deny' })]), 'denied')
  assert.equal(decide([statement({ Effect: 'Deny', Action: 's3:Put*' }), statement({})]), 'allowed')
  assert.equal(evaluate([], { action: 's3:GetObject', resource: bucket, context }), 'not-allowed')
})

test('actions have wildcards and no case', () => {
  for (const Action of ['s3:*', '*', 'S3:getobject', 's3:Get?bject', ['iam:x', 's3:Get*']])
    assert.equal(decide(statement({ Action })), 'allowed', String(Action))
  for (const Action of ['s3', 's3:GetObjec', 's3:GetObjectX', 's3:Get?object', 'xs3:*'])
    assert.equal(decide(statement({ Action })), 'not-allowed', Action)
})

test('resources have wildcards and variables', () => {
  const own = statement({ Resource: `${bucket}/private/\${cognito-identity.amazonaws.com:sub}/*` })
  assert.equal(decide(own, `${bucket}/private/${sub}/a/b.txt`), 'allowed')
  assert.equal(decide(own, `${bucket}/private/${sub}`), 'not-allowed')
  assert.equal(
    decide(own, `${bucket}/private/us-east-1:66666666-2222-4333-8444-555555555555/a`),
    'not-allowed',
  )
  const team = statement({ Resource: `${bucket}/\${aws:principaltag/team}/?.txt` })
  assert.equal(decide(team, `${bucket}/sales/a.txt`), 'allowed')
  assert.equal(decide(team, `${bucket}/sales/ab.txt`), 'not-allowed')
  assert.equal(decide(statement({ Resource: ['arn:aws:s3:::x', `${bucket}/*`] })), 'allowed')
})

test('a variable without a value matches nothing, unless it has a default', () => {
  const missing = '${aws:PrincipalTag/nothing}'
  assert.equal(decide(statement({ Resource: `${bucket}/${missing}*` })), 'not-allowed')
  const fallback = "${aws:PrincipalTag/nothing, 'everybody'}"
  assert.equal(decide(statement({ Resource: `${bucket}/${fallback}` }), `${bucket}/everybody`), 'allowed')
  // Which of several values would it be?
  const several = '${cognito-identity.amazonaws.com:amr}'
  assert.equal(decide(statement({ Resource: `${bucket}/${several}*` })), 'not-allowed')
})

test('what is put in for a variable is text, even when it looks like a wildcard', () => {
  const starred = statement({ Resource: `${bucket}/\${aws:PrincipalTag/star}` })
  assert.equal(decide(starred, `${bucket}/secret`), 'not-allowed')
  assert.equal(decide(starred, `${bucket}/*`), 'allowed')
  const literal = statement({ Resource: `${bucket}/\${*}\${?}\${$}` })
  assert.equal(decide(literal, `${bucket}/*?$`), 'allowed')
  assert.equal(decide(literal, `${bucket}/aaa`), 'not-allowed')
})

test('before version 2012-10-17 a variable is plain text', () => {
  const own = statement({ Resource: `${bucket}/\${aws:PrincipalTag/team}` })
  for (const version of [{ Version: '2008-10-17' }, {}]) {
    assert.equal(decide(own, `${bucket}/sales`, version), 'not-allowed')
    assert.equal(decide(own, `${bucket}/\${aws:PrincipalTag/team}`, version), 'allowed')
  }
})

test('conditions: equal and alike, and their opposites', () => {
  assert.equal(meets({ StringEquals: { 's3:prefix': 'team/sales/' } }), true)
  assert.equal(meets({ StringEquals: { 's3:prefix': ['x', 'team/${aws:PrincipalTag/team}/'] } }), true)
  assert.equal(meets({ StringEquals: { 's3:prefix': 'team/*' } }), false)
  assert.equal(meets({ StringLike: { 's3:prefix': 'team/*' } }), true)
  assert.equal(meets({ StringLike: { 'S3:Prefix': 'Team/*' } }), false)
  assert.equal(meets({ StringNotEquals: { 's3:prefix': 'team/*' } }), true)
  assert.equal(meets({ StringNotEquals: { 's3:prefix': ['x', 'team/sales/'] } }), false)
  assert.equal(meets({ StringNotLike: { 's3:prefix': 'team/*' } }), false)
})

test('conditions: all of them must be met', () => {
  const team = { 'aws:PrincipalTag/team': 'sales' }
  assert.equal(meets({ StringEquals: { ...team, 's3:prefix': 'x' } }), false)
  assert.equal(meets({ StringEquals: team, StringLike: { 's3:prefix': 'x' } }), false)
  assert.equal(meets({ StringEquals: team, StringLike: { 's3:prefix': 'team/*' } }), true)
})

test('conditions: a key that the request does not have meets only the opposites', () => {
  const nothing = { 'aws:PrincipalTag/nothing': '*' }
  assert.equal(meets({ StringEquals: nothing }), false)
  assert.equal(meets({ StringLike: nothing }), false)
  assert.equal(meets({ StringNotEquals: nothing }), true)
  assert.equal(meets({ StringNotLike: nothing }), true)
  assert.equal(meets({ 'ForAnyValue:StringLike': nothing }), false)
  assert.equal(meets({ 'ForAllValues:StringLike': nothing }), true)
})

test('conditions: of several values any, or all', () => {
  const amr = 'cognito-identity.amazonaws.com:amr'
  assert.equal(meets({ 'ForAnyValue:StringLike': { [amr]: 'authenticated' } }), true)
  assert.equal(
    meets({ 'ForAnyValue:StringEquals': { [amr]: ['unauthenticated', 'graph.facebook.com'] } }),
    true,
  )
  assert.equal(meets({ 'ForAnyValue:StringEquals': { [amr]: 'unauthenticated' } }), false)
  assert.equal(meets({ 'ForAllValues:StringLike': { [amr]: ['authenticated', 'graph.*'] } }), true)
  assert.equal(meets({ 'ForAllValues:StringLike': { [amr]: 'graph.*' } }), false)
})

test('a trust policy is asked about the provider as well', () => {
  const trust = (Principal: unknown) =>
    evaluate([policyFrom({ Statement: { Effect: 'Allow', Action: 'sts:*', Principal } }, 'trust')], {
      action: 'sts:AssumeRoleWithWebIdentity',
      principals: ['cognito-identity.amazonaws.com'],
      context,
    })
  assert.equal(trust({ Federated: 'cognito-identity.amazonaws.com' }), 'allowed')
  assert.equal(trust({ Federated: ['accounts.google.com', 'cognito-identity.amazonaws.com'] }), 'allowed')
  assert.equal(trust('*'), 'allowed')
  assert.equal(trust({ Federated: 'accounts.google.com' }), 'not-allowed')
  assert.equal(trust({ Federated: 'cognito-*' }), 'not-allowed')
})

test('an element or an operator that is not evaluated is refused, and never ignored', () => {
  for (const [document, message] of [
    [statement({ NotAction: 's3:*' }), /"NotAction" is not evaluated here/],
    [statement({ NotResource: '*' }), /"NotResource"/],
    [statement({ Principal: '*' }), /"Principal"/],
    [
      statement({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0\u002f8' } } }),
      /"IpAddress" is not evaluated/,
    ],
    [statement({ Condition: { StringEqualsIfExists: { a: 'b' } } }), /"StringEqualsIfExists"/],
    [statement({ Condition: { 'ForSomeValue:StringEquals': { a: 'b' } } }), /"ForSomeValue:StringEquals"/],
    [statement({ Condition: { StringEquals: 'a' } }), /must be an object/],
    [statement({ Condition: { StringEquals: { a: {} } } }), /must be a string/],
    [statement({ Effect: 'allow' }), /Effect must be Allow or Deny/],
    [statement({ Action: undefined }), /Action must be a string/],
    [statement({ Action: [1] }), /Action must be a string/],
    [statement({ Resource: [] }), /Resource must be a string/],
    ['x', /Statement must be an object/],
  ] as const)
    assert.throws(
      () => decide(document as object),
      { name: 'MalformedPolicy', message },
      JSON.stringify(document),
    )
  for (const document of [
    undefined,
    null,
    [],
    'x',
    {},
    { Statement: [] },
    { Statement: statement({}), X: 1 },
  ])
    assert.throws(() => policyFrom(document, 'permissions'), { name: 'MalformedPolicy' })
  const old = { Version: '2012-10-18', Statement: statement({}) }
  assert.throws(() => policyFrom(old, 'permissions'), /Version must be 2012-10-17/)
  const trust = { Statement: { Effect: 'Allow', Action: '*', Principal: { AWS: '*' } } }
  assert.throws(() => policyFrom(trust, 'trust'), /"AWS" is not evaluated here/)
})

test('a pattern matches as the regular expression of the same meaning does', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.', '😀', '$'), maxLength: 8 })
  fc.assert(
    fc.property(short, short, (pattern, value) => {
      const escaped = pattern.replace(/[.$]/g, '\\$&').replaceAll('*', '[^]*').replaceAll('?', '[^]')
      const expected = new RegExp(`^${escaped}$`, 'u').test(value)
      assert.equal(policyPattern(pattern, context, true)?.matches(value), expected)
      assert.equal(matchesName(pattern, value), expected)
      assert.equal(policyPattern(pattern, context, true)?.equals(value), pattern === value)
    }),
    { numRuns: 5000 },
  )
})

test('a pattern of many stars is not slow', () => {
  const pattern = policyPattern('*a'.repeat(1000), context, true)
  assert.equal(pattern?.matches(`${'a'.repeat(999)}b`.repeat(20)), false)
})
