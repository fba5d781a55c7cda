import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  type AuthorizationRequest,
  ConfigurationError,
  UserPool,
  type UserPoolOptions,
} from '../../src/index.ts'

const options: UserPoolOptions = {
  userPoolId: 'eu-west-1_AbCdEf123',
  clientId: '4ifa83b1k2example9c0d1e2f3',
  domain: 'https://auth.example.com',
}
const trip: AuthorizationRequest = {
  callbackURL: 'https://app.example.com/callback',
  state: 'c3RhdGUtc3RhdGUtc3RhdGU',
  nonce: 'bm9uY2Utbm9uY2Utbm9uY2U',
  codeVerifier: 'dmVyaWZpZXItdmVyaWZpZXItdmVyaWZpZXItdmVyaWZpZXI',
}
const always = {
  client_id: options.clientId,
  response_type: 'code',
  redirect_uri: trip.callbackURL,
  scope: 'openid email profile',
  state: trip.state,
  nonce: trip.nonce,
  code_challenge: createHash('sha256').update(trip.codeVerifier).digest('base64url'),
  code_challenge_method: 'S256',
}

async function parametersOf(request: AuthorizationRequest, more: Partial<UserPoolOptions> = {}) {
  const url = await new UserPool({ ...options, ...more }).authorizationUrl(request)
  assert.equal(`${url.origin}${url.pathname}`, 'https://auth.example.com/oauth2/authorize')
  const entries = [...url.searchParams]
  assert.equal(new Set(entries.map(([name]) => name)).size, entries.length, 'a parameter comes twice')
  return Object.fromEntries(entries)
}

test('AC-02 every URL carries state, nonce and PKCE S256, and never the verifier or the secret', async () => {
  assert.deepEqual(await parametersOf(trip), always)
  const parameters = await parametersOf(trip, { clientSecret: 'a-secret-of-the-client' })
  assert.deepEqual(parameters, always)
})

test('the optional parameters are those of Cognito, and only what is set travels', async () => {
  const parameters = await parametersOf({
    ...trip,
    identityProvider: 'Google',
    idpIdentifier: 'example.com',
    lang: 'ja',
    loginHint: 'ana+test@example.com',
    prompt: 'login',
  })
  const optional = {
    identity_provider: 'Google',
    idp_identifier: 'example.com',
    lang: 'ja',
    login_hint: 'ana+test@example.com',
    prompt: 'login',
  }
  assert.deepEqual(parameters, { ...always, ...optional })
  const unset = {
    identityProvider: undefined,
    idpIdentifier: '',
    lang: undefined,
    loginHint: '',
    prompt: undefined,
  }
  assert.deepEqual(await parametersOf({ ...trip, ...unset }), always)
})

test('scopes come from the pool, or from the one request', async () => {
  const pool = { scope: ['openid', 'orders/read'] }
  assert.deepEqual(await parametersOf(trip, pool), { ...always, scope: 'openid orders/read' })
  assert.deepEqual(await parametersOf({ ...trip, scope: 'openid phone' }, pool), {
    ...always,
    scope: 'openid phone',
  })
  await assert.rejects(parametersOf({ ...trip, scope: 'email' }), ConfigurationError)
})

test('the logout URL has Cognito’s two parameters, and none of OIDC’s', () => {
  const userPool = new UserPool(options)
  const url = userPool.logoutUrl('https://app.example.com/bye?a=1&b=2')
  assert.equal(`${url.origin}${url.pathname}`, 'https://auth.example.com/logout')
  assert.deepEqual(
    [...url.searchParams],
    [
      ['client_id', options.clientId],
      ['logout_uri', 'https://app.example.com/bye?a=1&b=2'],
    ],
  )
  for (const returnTo of ['/', '', 'http://app.example.com/', 'javascript:alert(1)', undefined])
    assert.throws(() => userPool.logoutUrl(returnTo as string), {
      name: 'ConfigurationError',
      message: /returnTo/,
    })
})
