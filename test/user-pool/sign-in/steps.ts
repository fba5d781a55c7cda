import assert from 'node:assert/strict'
import type { Challenge, SignInError, SignInErrorReason, SignInStep, Tokens } from '../../../src/index.ts'

type Named<Name extends Challenge['name']> = Extract<Challenge, { name: Name }>

/** The question that a step asks, which must be this one. */
export function asked<Name extends Challenge['name']>(step: SignInStep, name: Name): Named<Name> {
  assert.equal(step.status, 'challenge')
  assert.equal(step.challenge.name, name)
  return step.challenge as Named<Name>
}

/** The finished sign-in. */
export function done(step: SignInStep): Extract<SignInStep, { status: 'signed-in' }> & { tokens: Tokens } {
  assert.equal(step.status, 'signed-in', step.status === 'challenge' ? step.challenge.name : '')
  return step
}

/** Fails unless the attempt is refused for this reason, with this status. */
export async function refusedFor(
  attempt: Promise<unknown>,
  reason: SignInErrorReason,
  status: number,
): Promise<SignInError> {
  const error = await attempt.then(
    () => assert.fail(`accepted, not refused for ${reason}`),
    (thrown: unknown) => thrown as SignInError,
  )
  assert.deepEqual([error.name, error.reason, error.status], ['SignInError', reason, status], error.message)
  return error
}
