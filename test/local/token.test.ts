import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { LocalCognito } from '../../src/local/index.ts'
import {
  callbackURL,
  challenge,
  claimsOf,
  clientSecret,
  codeFor,
  exchange,
  headerOf,
  post,
  refresh,
  start,
  tokensFor,
  verifier,
} from './domain.ts'

let local: LocalCognito
before(async () => {
  local = await start()
})
after(() => local.close())

const s256 = { code_challenge: challenge, code_challenge_method: 'S256' }
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})
const confidential = { client_id: 'confidential1' }

test('a code gives three tokens, in the members and headers that Cognito sends', async () => {
  const { status, body, response } = await exchange(local, { code: await codeFor(local) })
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body), [
    'id_token',
    'access_token',
    'refresh_token',
    'expires_in',
    'token_type',
  ])
  assert.equal(body['expires_in'], 3600)
  assert.equal(body['token_type'], 'Bearer')
  assert.equal(response.headers.get('content-type'), 'application/json;charset=UTF-8')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.ok(response.headers.get('x-amz-cognito-request-id'))
})

test('parameters may stand in the query of the POST', async () => {
  const query = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: 'public1',
    redirect_uri: callbackURL,
    code: await codeFor(local),
  })
  const response = await fetch(`${local.url}/oauth2/token?${query.toString()}`, { method: 'POST' })
  assert.equal(response.status, 200)
})

test('a code counts once', async () => {
  const code = await codeFor(local)
  assert.equal((await exchange(local, { code })).status, 200)
  const again = await exchange(local, { code })
  assert.equal(again.status, 400)
  assert.deepEqual(again.body, { error: 'invalid_grant' })
})

test('a code expires after five minutes', async () => {
  const [early, late] = [await codeFor(local), await codeFor(local)]
  local.clock.advance(299)
  assert.equal((await exchange(local, { code: early })).status, 200)
  local.clock.advance(2)
  assert.deepEqual((await exchange(local, { code: late })).body, { error: 'invalid_grant' })
})

test('a code that was tried wrongly is spent', async () => {
  const code = await codeFor(local, s256)
  const wrong = await exchange(local, { code, code_verifier: 'x'.repeat(43) })
  assert.deepEqual(wrong.body, { error: 'invalid_grant' })
  const right = await exchange(local, { code, code_verifier: verifier })
  assert.deepEqual(right.body, { error: 'invalid_grant' })
})

test('the right verifier is taken', async () => {
  const { status } = await exchange(local, { code: await codeFor(local, s256), code_verifier: verifier })
  assert.equal(status, 200)
})

const refusals: [string, Record<string, string>, Record<string, string | undefined>, object][] = [
  ['no verifier for a challenge', s256, {}, { error: 'invalid_grant' }],
  ['a verifier without a challenge', {}, { code_verifier: verifier }, { error: 'invalid_grant' }],
  [
    'another registered redirect URI',
    {},
    { redirect_uri: 'http://127.0.0.1:3000/callback' },
    { error: 'unauthorized_client', error_description: 'invalid_redirect' },
  ],
  ['no redirect URI', {}, { redirect_uri: undefined }, { error: 'invalid_request' }],
  ['no code', {}, { code: undefined }, { error: 'invalid_request' }],
  [
    'a code that was never given',
    {},
    { code: '6d0a3c1e-5b0f-4a57-9c3b-2f6f1f0e7a11' },
    { error: 'invalid_grant' },
  ],
  ['no grant type', {}, { grant_type: undefined }, { error: 'invalid_request' }],
  ['an unknown grant type', {}, { grant_type: 'password' }, { error: 'unsupported_grant_type' }],
  [
    'a grant that the client does not have',
    {},
    { grant_type: 'client_credentials' },
    { error: 'unauthorized_client' },
  ],
  ['no client', {}, { client_id: undefined }, { error: 'invalid_request' }],
  ['an unknown client', {}, { client_id: 'nobody' }, { error: 'invalid_client' }],
  ['a secret for a public client', {}, { client_secret: clientSecret }, { error: 'invalid_client' }],
  ['another client’s code', {}, { ...confidential, client_secret: clientSecret }, { error: 'invalid_grant' }],
  ['a confidential client without its secret', confidential, confidential, { error: 'invalid_client' }],
  ['a wrong secret', confidential, { ...confidential, client_secret: 'wrong' }, { error: 'invalid_client' }],
]
for (const [what, asked, sent, error] of refusals) {
  test(`${what} is refused with ${JSON.stringify(error)}`, async () => {
    const { status, body } = await exchange(local, { code: await codeFor(local, asked), ...sent })
    assert.equal(status, 400)
    assert.deepEqual(body, error)
  })
}

test('a confidential client authenticates by Basic or in the body', async () => {
  const code = await codeFor(local, confidential)
  assert.equal((await exchange(local, { code, ...confidential, client_secret: clientSecret })).status, 200)
  const another = await codeFor(local, confidential)
  const sent = { code: another, client_id: undefined }
  assert.equal((await exchange(local, sent, basic('confidential1', clientSecret))).status, 200)
})

for (const [what, headers, changes] of [
  ['a wrong Basic secret', basic('confidential1', 'wrong'), { client_id: undefined }],
  ['Basic of a public client', basic('public1', 'any'), { client_id: undefined }],
  ['Basic beside another client_id', basic('confidential1', clientSecret), { client_id: 'public1' }],
  ['a Basic header that is none', { authorization: 'Basic !' }, { client_id: undefined }],
  ['a Bearer header', { authorization: 'Bearer x' }, confidential],
] as const) {
  test(`${what} is an invalid client`, async () => {
    const code = await codeFor(local, confidential)
    const { status, body } = await exchange(local, { code, ...changes }, headers)
    assert.equal(status, 400)
    assert.deepEqual(body, { error: 'invalid_client' })
  })
}

test('the ID token has the claims of the sign-in, the access token those of the client', async () => {
  const { id_token: idToken, access_token: accessToken } = await tokensFor(local)
  const [id, access] = [claimsOf(idToken), claimsOf(accessToken)]
  assert.deepEqual(Object.keys(headerOf(idToken)), ['kid', 'alg'])
  assert.notEqual(headerOf(idToken)['kid'], headerOf(accessToken)['kid'])
  assert.equal(id['nonce'], 'nonce1')
  assert.match(String(id['at_hash']), /^[\w-]{22}$/)
  assert.equal(id['email_verified'], true)
  assert.equal(id['aud'], 'public1')
  assert.equal(id['cognito:username'], 'ana')
  assert.deepEqual(id['cognito:groups'], ['admin'])
  assert.equal(id['name'], undefined, 'the scope email lets only the e-mail address through')
  assert.equal(access['aud'], undefined)
  assert.equal(access['client_id'], 'public1')
  assert.equal(access['scope'], 'openid email')
  assert.equal(access['version'], 2)
  assert.equal(access['username'], 'ana')
  assert.equal(access['email'], undefined)
  for (const same of ['sub', 'iss', 'origin_jti', 'event_id', 'auth_time'])
    assert.equal(id[same], access[same], same)
  assert.notEqual(id['jti'], access['jti'])
})

test('openid alone shows every attribute; profile shows all but e-mail and phone', async () => {
  const alone = claimsOf((await tokensFor(local, { scope: 'openid' })).id_token)
  assert.deepEqual([alone['email'], alone['name'], alone['custom:plan']], ['ana@example.com', 'Ana', '7'])
  const profile = claimsOf((await tokensFor(local, { scope: 'openid profile' })).id_token)
  assert.deepEqual([profile['email'], profile['name'], profile['custom:plan']], [undefined, 'Ana', '7'])
})

test('without openid there is no ID token; without any scope there are all of the client’s', async () => {
  const { body } = await exchange(local, {
    code: await codeFor(local, { scope: 'aws.cognito.signin.user.admin' }),
  })
  assert.deepEqual(Object.keys(body), ['access_token', 'refresh_token', 'expires_in', 'token_type'])
  const { access_token: accessToken } = await tokensFor(local, { scope: undefined })
  assert.equal(claimsOf(accessToken)['scope'], 'openid email phone profile aws.cognito.signin.user.admin')
})

test('a refresh token looks like a JWE, and a refresh keeps the sign-in but brings no refresh token', async () => {
  const start = Date.now()
  const first = await tokensFor(local)
  assert.match(first.refresh_token, /^eyJjdHkiOiJKV1Qi[\w-]+(\.[\w-]+){4}$/)
  local.clock.advance(60)
  const { status, body } = await refresh(local, first.refresh_token)
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body), ['id_token', 'access_token', 'expires_in', 'token_type'])
  const [before, now] = [claimsOf(first.id_token), claimsOf(String(body['id_token']))]
  for (const same of ['sub', 'origin_jti', 'auth_time', 'aud']) assert.equal(now[same], before[same], same)
  // The clock of the machine went on in between, over a second's end at least now and then.
  const elapsed = Math.ceil((Date.now() - start) / 1_000)
  const later = Number(now['iat']) - Number(before['iat'])
  assert.ok(later >= 60 && later <= 60 + elapsed, `${later} seconds`)
  assert.notEqual(now['jti'], before['jti'])
  assert.equal((await refresh(local, first.refresh_token)).status, 200)
})

test('a refresh token is refused when it is unknown, expired, or another client’s', async () => {
  const { refresh_token: refreshToken } = await tokensFor(local)
  for (const { status, body } of [
    await refresh(local, 'unknown'),
    await post(local, '/oauth2/token', {
      grant_type: 'refresh_token',
      ...confidential,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    }),
  ]) {
    assert.equal(status, 400)
    assert.equal(body['error'], 'invalid_grant')
  }
  local.clock.advance(30 * 86_400)
  assert.equal((await refresh(local, refreshToken)).body['error'], 'invalid_grant')
})

test('with rotation each refresh replaces the token, which may be repeated only within the grace period', async (t) => {
  const rotating = await start({
    clients: [
      { refreshTokenRotation: { retryGracePeriodSeconds: 10 }, refreshTokenValiditySeconds: 3600 },
      { clientId: 'strict', refreshTokenRotation: {} },
    ],
  })
  t.after(() => rotating.close())
  const { refresh_token: first } = await tokensFor(rotating)
  const second = String((await refresh(rotating, first)).body['refresh_token'])
  assert.notEqual(second, first)
  rotating.clock.advance(9)
  assert.equal((await refresh(rotating, first)).status, 200)
  rotating.clock.advance(2)
  const reused = await refresh(rotating, first)
  assert.deepEqual(reused.body, { error: 'invalid_grant', error_description: 'RefreshTokenReuse' })
  assert.equal((await refresh(rotating, second)).status, 200)
  const third = String((await refresh(rotating, second)).body['refresh_token'])
  rotating.clock.advance(3600 - 11)
  assert.equal((await refresh(rotating, third)).body['error'], 'invalid_grant', 'rotation prolongs nothing')

  const strict = await tokensFor(rotating, { client_id: 'strict' })
  assert.equal((await refresh(rotating, strict.refresh_token, 'strict')).status, 200)
  assert.equal((await refresh(rotating, strict.refresh_token, 'strict')).body['error'], 'invalid_grant')
})

test('a JSON body is not read', async () => {
  const response = await fetch(`${local.url}/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'refresh_token' }),
  })
  assert.equal(response.status, 400)
  assert.deepEqual(await response.json(), { error: 'invalid_request' })
})
