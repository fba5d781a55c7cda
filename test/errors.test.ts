import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as errors from '../src/errors.ts'

const bare = { 'WWW-Authenticate': 'Bearer realm="cognito"' }
const badRequest = { 'WWW-Authenticate': 'Bearer realm="cognito", error="invalid_request"' }
const badToken = {
  'WWW-Authenticate':
    'Bearer realm="cognito", error="invalid_token", error_description="The token is not valid"',
}
const retry = { 'Retry-After': '5' }

const table: [errors.CognitoError, name: string, code: string, status: number, headers: object][] = [
  [new errors.ConfigurationError('m'), 'ConfigurationError', 'ERR_COGNITO_CONFIGURATION', 500, {}],
  [new errors.UnauthenticatedError(), 'UnauthenticatedError', 'ERR_COGNITO_UNAUTHENTICATED', 401, bare],
  [
    new errors.InvalidRequestError('m'),
    'InvalidRequestError',
    'ERR_COGNITO_INVALID_REQUEST',
    400,
    badRequest,
  ],
  [
    new errors.InvalidTokenError('expired', 'm'),
    'InvalidTokenError',
    'ERR_COGNITO_INVALID_TOKEN',
    401,
    badToken,
  ],
  [new errors.ForbiddenError('m'), 'ForbiddenError', 'ERR_COGNITO_FORBIDDEN', 403, {}],
  [new errors.SessionEndedError(), 'SessionEndedError', 'ERR_COGNITO_SESSION_ENDED', 401, bare],
  [new errors.UnavailableError('m'), 'UnavailableError', 'ERR_COGNITO_UNAVAILABLE', 503, retry],
  ...(['no_identity', 'access_token_only', 'refused'] as const).map((reason): (typeof table)[number] => [
    new errors.CredentialsError(reason, 'm'),
    'CredentialsError',
    'ERR_COGNITO_CREDENTIALS',
    403,
    {},
  ]),
  ...(['misconfigured'] as const).map((reason): (typeof table)[number] => [
    new errors.CredentialsError(reason, 'm'),
    'CredentialsError',
    'ERR_COGNITO_CREDENTIALS',
    500,
    {},
  ]),
]
for (const [error, name, code, status, headers] of table) {
  test(`${name} answers ${status} as ${code}`, () => {
    assert.ok(error instanceof errors.CognitoError && error instanceof Error)
    assert.deepEqual([error.name, error.code], [name, code])
    assert.deepEqual([error.status, error.statusCode, error.expose], [status, status, status < 500])
    assert.deepEqual(error.headers, headers)
    assert.equal('cause' in error, false)
    // The text for clients is a sentence of its own, without what the developer is told.
    assert.match(error.publicMessage, /^[A-Z].{10,}\.$/)
    assert.notEqual(error.publicMessage, error.message)
  })
}

const callbackStatus: Record<errors.CallbackErrorReason, number> = {
  parameters_invalid: 400,
  transaction_missing: 400,
  transaction_expired: 400,
  transaction_used: 400,
  state_mismatch: 400,
  issuer_mismatch: 400,
  access_denied: 401,
  login_required: 401,
  authorization_failed: 400,
  code_refused: 400,
  client_refused: 502,
  nonce_mismatch: 502,
  token_response_invalid: 502,
}
for (const [reason, status] of Object.entries(callbackStatus) as [errors.CallbackErrorReason, number][]) {
  test(`a CallbackError with ${reason} answers ${status} and tells the developer where to look`, () => {
    const error = new errors.CallbackError(reason)
    assert.deepEqual([error.status, error.reason, error.code], [status, reason, 'ERR_COGNITO_CALLBACK'])
    assert.ok(error.message.includes(reason) && error.message.includes(error.hint))
    assert.ok(!error.publicMessage.includes(reason) && !error.publicMessage.includes(error.hint))
    assert.deepEqual(error.headers, {})
  })
}

test('BV-25 a missing scope is named in the challenge', () => {
  const { headers } = new errors.ForbiddenError('m', { scope: ['a/1', 'a/2'] })
  const expected = 'Bearer realm="cognito", error="insufficient_scope", scope="a/1 a/2"'
  assert.deepEqual(headers, { 'WWW-Authenticate': expected })
})

test('the cause is kept', () => {
  const cause = new Error('why')
  for (const error of [
    new errors.InvalidTokenError('signature', 'm', cause),
    new errors.CallbackError('code_refused', cause),
    new errors.SessionEndedError('m', cause),
    new errors.CredentialsError('refused', 'm', cause),
    new errors.UnavailableError('m', cause),
  ])
    assert.equal(error.cause, cause)
})

test('how long to wait is said in seconds', () => {
  const { headers } = new errors.UnavailableError('m', undefined, { retryAfterSeconds: 60 })
  assert.deepEqual(headers, { 'Retry-After': '60' })
})
