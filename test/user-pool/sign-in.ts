import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import {
  CallbackError,
  type CallbackErrorReason,
  type CodeExchange,
  type CognitoUser,
  type UserPool,
} from '../../src/index.ts'
import { signInOnLoginPage } from '../support/login-form.ts'

export const callbackURL = 'http://localhost:3000/callback'
export const ana = { username: 'ana', password: 'Passw0rd!', email: 'ana@example.com', groups: ['admin'] }

const secret = () => randomBytes(32).toString('base64url')

/** Signs ana in at the login page and gives what the callback brings, with the code not yet redeemed. */
export async function codeFor(userPool: UserPool, user = ana): Promise<CodeExchange> {
  const trip = { callbackURL, state: secret(), nonce: secret(), codeVerifier: secret() }
  const callback = await signInOnLoginPage((await userPool.authorizationUrl(trip)).href, user)
  assert.equal(callback.searchParams.get('state'), trip.state)
  const { nonce, codeVerifier } = trip
  return { callbackURL, nonce, codeVerifier, code: callback.searchParams.get('code') ?? '' }
}

export async function signIn(userPool: UserPool, user = ana): Promise<CognitoUser> {
  return userPool.exchangeCode(await codeFor(userPool, user))
}

/** Asserts that an exchange ends in this {@link CallbackError}, whose cause quotes none of `secrets`. */
export async function callbackError(
  attempt: Promise<unknown>,
  reason: CallbackErrorReason,
  status: number,
): Promise<CallbackError> {
  const error = await attempt.then(
    () => assert.fail(`taken, where it should be ${reason}`),
    (refusal: unknown) => refusal,
  )
  assert.ok(error instanceof CallbackError, String(error))
  assert.deepEqual([error.reason, error.status], [reason, status])
  return error
}
