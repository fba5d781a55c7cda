import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import type { LocalCognito, LocalClient } from '../../../src/local/index.ts'
import { ana, authorizeUrl, claimsOf, exchange, start } from '../domain.ts'
import { Person } from '../managed-login/person.ts'

async function begin(t: TestContext, client: LocalClient = {}): Promise<LocalCognito> {
  const local = await start({
    clients: [{ clientId: 'public1', ...client }],
    userPool: { resourceServers: [{ identifier: 'shop.example', scopes: [{ scopeName: 'buy' }] }] },
  })
  t.after(() => local.close())
  return local
}

async function signedIn(local: LocalCognito, changes: Record<string, string | undefined> = {}) {
  return (await new Person().go(authorizeUrl(local, changes))).submit(ana)
}

for (const [what, changes] of [
  ['a maximum age that is no number', { max_age: 'old' }],
  ['a state that is JSON', { state: '{"page":1}' }],
  ['an unknown provider', { identity_provider: 'Harbour' }],
  ['an unknown identifier of a provider', { idp_identifier: 'harbour.example' }],
] as const) {
  test(`${what} is an invalid request`, async (t) => {
    const person = await new Person().go(authorizeUrl(await begin(t), changes))
    assert.equal(person.answer('error'), 'invalid_request')
  })
}

test('a state that is encoded JSON, or only begins like some, comes back as it is', async (t) => {
  const local = await begin(t)
  for (const state of [Buffer.from('{"page":1}').toString('base64'), '{no', '[', 'ü&=#+ %']) {
    assert.equal((await signedIn(local, { state })).answer('state'), state)
  }
})

test('max_age asks again when the sign-in is older', async (t) => {
  const local = await begin(t)
  const person = await signedIn(local)
  local.clock.advance(100)
  await person.go(authorizeUrl(local, { max_age: '200' }))
  assert.notEqual(person.answer('code'), null)
  await person.go(authorizeUrl(local, { max_age: '50', prompt: 'none' }))
  assert.equal(person.answer('error'), 'login_required')
  await person.go(authorizeUrl(local, { max_age: '50' }))
  await person.submit(ana)
  const { body } = await exchange(local, { code: person.answer('code') ?? '' })
  const { auth_time: authTime, iat } = claimsOf(String(body['id_token']))
  assert.equal(Math.abs(Number(iat) - Number(authTime)) <= 5, true)
})

test('a scope of a resource server is granted to a client that has it, and to no other', async (t) => {
  const scope = 'openid shop.example/buy'
  const local = await begin(t, { scopes: ['openid', 'shop.example/buy'] })
  const { body } = await exchange(local, { code: (await signedIn(local, { scope })).answer('code') ?? '' })
  assert.equal(claimsOf(String(body['access_token']))['scope'], scope)
  const other = await new Person().go(authorizeUrl(await begin(t), { scope }))
  assert.equal(other.answer('error'), 'invalid_scope')
})

test('a refresh with a scope that exists and is not the client’s is an invalid grant', async (t) => {
  const local = await begin(t)
  const { body } = await exchange(local, { code: (await signedIn(local)).answer('code') ?? '' })
  const again = (scope: string) =>
    exchange(local, { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']), scope })
  assert.deepEqual((await again('shop.example/buy')).body, { error: 'invalid_grant' })
  assert.deepEqual((await again('shop.example/sell')).body, { error: 'invalid_scope' })
  assert.equal((await again('openid')).status, 200)
})

test('a client that may not see all that a scope stands for gets no tokens', async (t) => {
  const local = await begin(t, { readAttributes: ['email', 'name'] })
  const refused = await signedIn(local, { scope: 'openid email' })
  assert.deepEqual((await exchange(local, { code: refused.answer('code') ?? '' })).body, {
    error: 'invalid_grant',
  })
  const { body } = await exchange(local, {
    code: (await signedIn(local, { scope: 'openid' })).answer('code') ?? '',
  })
  const claims = claimsOf(String(body['id_token']))
  assert.deepEqual(
    [claims['email'], claims['name'], claims['custom:plan']],
    ['ana@example.com', 'Ana', undefined],
  )
  const headers = { authorization: `Bearer ${String(body['access_token'])}` }
  const info = (await (await fetch(`${local.url}/oauth2/userInfo`, { headers })).json()) as object
  assert.deepEqual(Object.keys(info).sort(), ['email', 'name', 'sub', 'username'])
})

test('revocation is refused to a client that has it switched off', async (t) => {
  const local = await begin(t, { enableTokenRevocation: false })
  const body = new URLSearchParams({ client_id: 'public1', token: 'x' })
  const response = await fetch(`${local.url}/oauth2/revoke`, { method: 'POST', body })
  assert.equal(response.status, 400)
  assert.deepEqual(await response.json(), { error: 'invalid_request' })
})
