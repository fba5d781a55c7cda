import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { LocalCognito } from '../../src/local/index.ts'
import { CookieJar, signInOnLoginPage } from '../support/login-form.ts'
import { ana, authorizeUrl, callbackURL, challenge, locationOf, start } from './domain.ts'

let local: LocalCognito
before(async () => {
  local = await start()
})
after(() => local.close())

test('a browser without a session goes to the login page with the same parameters', async () => {
  const url = authorizeUrl(local, { login_hint: 'ana', lang: 'de' })
  const location = await locationOf(url)
  assert.ok(location instanceof URL)
  assert.equal(location.pathname, '/login')
  assert.equal(location.search, new URL(url).search)
})

const notRedirected: [string, Record<string, string | undefined>, string][] = [
  ['an unknown client', { client_id: 'nobody' }, 'invalid_request'],
  ['no client', { client_id: undefined }, 'invalid_request'],
  ['no redirect URI', { redirect_uri: undefined }, 'invalid_request'],
  ['an unregistered redirect URI', { redirect_uri: 'https://evil.example/' }, 'redirect_mismatch'],
  ['a redirect URI with something appended', { redirect_uri: `${callbackURL}/x` }, 'redirect_mismatch'],
  ['a redirect URI with a query added', { redirect_uri: `${callbackURL}?x=1` }, 'redirect_mismatch'],
  ['a redirect URI in other letters', { redirect_uri: callbackURL.toUpperCase() }, 'redirect_mismatch'],
]
for (const path of ['/oauth2/authorize', '/login']) {
  for (const [what, changes, error] of notRedirected) {
    test(`${path} with ${what} ends on the error page of the domain`, async () => {
      const location = await locationOf(authorizeUrl(local, changes, path))
      assert.ok(location instanceof URL)
      assert.equal(location.origin + location.pathname, `${local.url}/error`)
      assert.equal(location.searchParams.get('error'), error)
      assert.equal(await locationOf(location.href), 400)
    })
  }
}

test('a redirect URI that is sent twice ends on the error page', async () => {
  const location = await locationOf(`${authorizeUrl(local)}&redirect_uri=https://evil.example/`)
  assert.ok(location instanceof URL)
  assert.equal(location.pathname, '/error')
})

const redirected: [string, Record<string, string | undefined>, string][] = [
  ['no response type', { response_type: undefined }, 'invalid_request'],
  ['the implicit grant', { response_type: 'token' }, 'unauthorized_client'],
  ['a hybrid response type', { response_type: 'code id_token' }, 'invalid_request'],
  ['a challenge without a method', { code_challenge: challenge }, 'invalid_request'],
  ['a plain challenge', { code_challenge: challenge, code_challenge_method: 'plain' }, 'invalid_request'],
  ['a method without a challenge', { code_challenge_method: 'S256' }, 'invalid_request'],
  [
    'a challenge of the wrong length',
    { code_challenge: 'short', code_challenge_method: 'S256' },
    'invalid_request',
  ],
  ['an unknown scope', { scope: 'openid everything' }, 'invalid_scope'],
  ['email without openid', { scope: 'email' }, 'invalid_scope'],
  ['an identity provider that it does not have', { identity_provider: 'Google' }, 'invalid_request'],
  ['prompt=none without a session', { prompt: 'none' }, 'login_required'],
]
for (const [what, changes, error] of redirected) {
  test(`${what} is answered at the redirect URI with ${error} and the state`, async () => {
    const location = await locationOf(authorizeUrl(local, changes))
    assert.ok(location instanceof URL)
    assert.equal(location.origin + location.pathname, callbackURL)
    assert.deepEqual(Object.fromEntries(location.searchParams), { error, state: 'state1' })
  })
}

test('a parameter that is sent twice is an invalid request', async () => {
  const location = await locationOf(`${authorizeUrl(local)}&scope=openid`)
  assert.ok(location instanceof URL)
  assert.equal(location.searchParams.get('error'), 'invalid_request')
})

test('a signed-in browser goes straight back with a new code, for an hour', async () => {
  const jar = new CookieJar()
  const first = await signInOnLoginPage(authorizeUrl(local), ana, jar)
  assert.match(first.searchParams.get('code') ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.equal(first.searchParams.get('state'), 'state1')
  const cookies = { cookie: jar.header(new URL(local.url)) }
  const again = await locationOf(authorizeUrl(local, { state: 'state2', prompt: 'none' }), cookies)
  assert.ok(again instanceof URL)
  assert.equal(again.origin + again.pathname, callbackURL)
  assert.equal(again.searchParams.get('state'), 'state2')
  assert.notEqual(again.searchParams.get('code'), first.searchParams.get('code'))
  local.clock.advance(3601)
  const late = await locationOf(authorizeUrl(local), cookies)
  assert.ok(late instanceof URL)
  assert.equal(late.pathname, '/login')
})

test('prompt=login asks a signed-in browser for the password again', async () => {
  const jar = new CookieJar()
  await signInOnLoginPage(authorizeUrl(local), ana, jar)
  const url = authorizeUrl(local, { prompt: 'login' })
  const location = await locationOf(url, { cookie: jar.header(new URL(local.url)) })
  assert.ok(location instanceof URL)
  assert.equal(location.pathname, '/login')
})

test('other methods are refused', async () => {
  const response = await fetch(authorizeUrl(local), { method: 'POST', redirect: 'manual' })
  assert.equal(response.status, 405)
})
