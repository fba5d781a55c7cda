import assert from 'node:assert/strict'
import { InvalidTokenError, type InvalidTokenReason } from '../../src/index.ts'

/** Asserts that a token is refused with 401 for this reason, in a message that quotes nothing of the token. */
export async function refused(
  attempt: Promise<unknown>,
  reason: InvalidTokenReason,
  token = '',
): Promise<InvalidTokenError> {
  const error = await attempt.then(
    () => assert.fail(`accepted, where the reason should be ${reason}`),
    (refusal: unknown) => refusal,
  )
  assert.ok(error instanceof InvalidTokenError, `not an InvalidTokenError: ${String(error)}`)
  assert.equal(error.reason, reason)
  assert.equal(error.status, 401)
  assert.equal(error.code, 'ERR_COGNITO_INVALID_TOKEN')
  for (const part of token.split('.').filter(({ length }) => length > 8))
    assert.ok(!error.message.includes(part), 'the message quotes the token')
  return error
}
