import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { LocalCognito } from '../../src/local/index.ts'
import { browse, CookieJar, signInOnLoginPage } from '../support/login-form.ts'
import {
  ana,
  authorizeUrl,
  callbackURL,
  clientSecret,
  post,
  refresh,
  start,
  tokensFor,
  sessionCookie,
} from './domain.ts'

let local: LocalCognito
before(async () => {
  local = await start()
})
after(() => local.close())

async function userInfo(token?: string) {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(`${local.url}/oauth2/userInfo`, { headers })
  return {
    status: response.status,
    says: response.headers.get('www-authenticate'),
    body: await response.json(),
  }
}

test('userInfo gives what the scopes let through, as strings', async () => {
  const { access_token: token } = await tokensFor(local)
  const { status, body } = await userInfo(token)
  assert.equal(status, 200)
  const { sub, ...others } = body as Record<string, string>
  assert.match(String(sub), /^[0-9a-f-]{36}$/)
  assert.deepEqual(others, { email: 'ana@example.com', email_verified: 'true', username: 'ana' })
})

test('userInfo without a token is a bad request', async () => {
  const { status, says } = await userInfo()
  assert.equal(status, 400)
  assert.equal(says, 'error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint"')
})

const orders = {
  'an ID token': { tokenUse: 'id' },
  'an expired token': { tokenUse: 'access', expiresInSeconds: -1 },
  'a token without openid': { tokenUse: 'access', claims: { scope: 'aws.cognito.signin.user.admin' } },
  'a token of another issuer': { tokenUse: 'access', claims: { iss: 'https://evil.example' } },
  'a token of a disabled user': { tokenUse: 'access', username: 'cy' },
  'a token of a deleted user': { tokenUse: 'access', claims: { sub: 'gone' } },
} as const
for (const [what, order] of Object.entries(orders)) {
  test(`userInfo refuses ${what}`, async () => {
    const { status, says } = await userInfo(await local.issueToken(order))
    assert.equal(status, 401)
    assert.match(says ?? '', /^error="invalid_token", error_description="Access token is expired/)
  })
}

test('userInfo refuses a forged token', async () => {
  const token = await local.issueToken({ tokenUse: 'access' })
  const [header = '', , signature = ''] = token.split('.')
  const payload = Buffer.from(JSON.stringify({ sub: 'x', scope: 'openid', exp: 9e9 })).toString('base64url')
  for (const forged of [`${header}.${payload}.${signature}`, `${header}.${payload}.`, 'abc']) {
    assert.equal((await userInfo(forged)).status, 401)
  }
})

test('a revocation ends the whole sign-in, and no other one', async () => {
  const [one, other] = [await tokensFor(local), await tokensFor(local)]
  const { status, body } = await post(local, '/oauth2/revoke', {
    token: one.refresh_token,
    client_id: 'public1',
  })
  assert.equal(status, 200)
  assert.deepEqual(body, {})
  assert.equal((await refresh(local, one.refresh_token)).body['error'], 'invalid_grant')
  assert.equal((await userInfo(one.access_token)).status, 401)
  assert.equal((await refresh(local, other.refresh_token)).status, 200)
  assert.equal((await userInfo(other.access_token)).status, 200)
  const again = await post(local, '/oauth2/revoke', { token: one.refresh_token, client_id: 'public1' })
  assert.equal(again.status, 200)
})

test('revoke takes unknown tokens, and refuses what is no refresh token or not the client’s', async () => {
  const tokens = await tokensFor(local)
  const revoke = (parameters: Record<string, string>) => post(local, '/oauth2/revoke', parameters)
  const publicClient = { client_id: 'public1' }
  assert.equal((await revoke({ ...publicClient, token: 'unknown' })).status, 200)
  for (const [sent, status, error] of [
    [{ ...publicClient, token: tokens.access_token }, 400, 'unsupported_token_type'],
    [{ ...publicClient, token: tokens.id_token }, 400, 'unsupported_token_type'],
    [publicClient, 400, 'invalid_request'],
    [{ client_id: 'nobody', token: tokens.refresh_token }, 401, 'invalid_client'],
    [
      { client_id: 'confidential1', client_secret: 'wrong', token: tokens.refresh_token },
      401,
      'invalid_client',
    ],
    [
      { client_id: 'confidential1', client_secret: clientSecret, token: tokens.refresh_token },
      400,
      'invalid_request',
    ],
  ] as const) {
    const answer = await revoke(sent)
    assert.equal(answer.status, status)
    assert.deepEqual(answer.body, { error })
  }
  assert.equal((await refresh(local, tokens.refresh_token)).status, 200)
})

async function signedInJar(): Promise<CookieJar> {
  const jar = new CookieJar()
  await signInOnLoginPage(authorizeUrl(local), ana, jar)
  return jar
}

const logoutUrl = (parameters: Record<string, string>) =>
  new URL(`${local.url}/logout?${new URLSearchParams(parameters).toString()}`)

test('logout ends the browser session and goes to the sign-out URL', async () => {
  const jar = await signedInJar()
  const stolen = jar.header(new URL(local.url))
  const response = await browse(
    jar,
    logoutUrl({ client_id: 'public1', logout_uri: 'http://localhost:3000/' }),
  )
  assert.equal(response.status, 302)
  assert.equal(response.headers.get('location'), 'http://localhost:3000/')
  assert.equal(jar.get(new URL(local.url), sessionCookie(local)), undefined)
  const headers = { cookie: stolen }
  const next = await fetch(authorizeUrl(local), { headers, redirect: 'manual' })
  assert.match(next.headers.get('location') ?? '', /^\/login\?/)
})

test('logout with the parameters of a sign-in goes to the login page, with every scope when none is named', async () => {
  const jar = await signedInJar()
  const url = logoutUrl({
    client_id: 'public1',
    redirect_uri: callbackURL,
    response_type: 'code',
    state: 's',
  })
  const location = new URL((await browse(jar, url)).headers.get('location') ?? '', local.url)
  assert.equal(location.pathname, '/login')
  assert.equal(location.searchParams.get('scope'), 'openid email phone profile aws.cognito.signin.user.admin')
  assert.equal(location.searchParams.get('state'), 's')
  assert.equal(jar.get(new URL(local.url), sessionCookie(local)), undefined)
})

for (const [what, parameters] of [
  ['an unregistered sign-out URL', { client_id: 'public1', logout_uri: 'https://evil.example/' }],
  ['a callback URL as sign-out URL', { client_id: 'public1', logout_uri: callbackURL }],
  ['an unregistered redirect URI', { client_id: 'public1', redirect_uri: 'https://evil.example/' }],
  ['an unknown client', { client_id: 'nobody', logout_uri: 'http://localhost:3000/' }],
  ['a client alone', { client_id: 'public1' }],
  [
    'the parameters of OpenID Connect',
    { id_token_hint: 'x', post_logout_redirect_uri: 'http://localhost:3000/' },
  ],
] as const) {
  test(`logout with ${what} is an error page, and the session stays`, async () => {
    const jar = await signedInJar()
    const response = await browse(jar, logoutUrl(parameters))
    assert.equal(response.status, 400)
    assert.match(await response.text(), /role="alert"/)
    assert.notEqual(jar.get(new URL(local.url), sessionCookie(local)), undefined)
  })
}
