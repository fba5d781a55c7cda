import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallbackError, type CognitoError, type InvalidTokenError } from '../../src/errors.ts'
import { hasCode } from '../../src/lib/has-code.ts'

test('CF-10 an error is told by its code, also one of another copy of the package', () => {
  const foreign = Object.assign(new Error('of another copy'), { code: 'ERR_COGNITO_CALLBACK' })
  for (const error of [new CallbackError('access_denied'), foreign]) {
    assert.equal(hasCode<CognitoError>(error), true)
    assert.equal(hasCode<CallbackError>(error, 'ERR_COGNITO_CALLBACK'), true)
    assert.equal(hasCode<InvalidTokenError>(error, 'ERR_COGNITO_INVALID_TOKEN'), false)
  }
  const others = [
    new Error('x'),
    Object.assign(new Error('x'), { code: 'ENOENT' }),
    { code: 'ERR_COGNITO_CALLBACK' },
  ]
  for (const value of [
    ...others,
    undefined,
    null,
    'ERR_COGNITO_CALLBACK',
    Object.assign(new Error('x'), { code: 7 }),
  ])
    assert.equal(hasCode<CognitoError>(value), false)
})
