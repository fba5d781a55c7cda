import assert from 'node:assert/strict'
import test from 'node:test'
import {
  ana,
  authorizeUrl,
  callbackURL,
  claimsOf,
  exchange,
  locationOf,
  refresh,
  start,
  tokensFor,
} from './domain.ts'
import { signInOnLoginPage } from '../support/login-form.ts'

test('the implicit grant gives everything in the fragment, and no refresh token', async (t) => {
  const local = await start({ clients: [{ clientId: 'public1', allowedOAuthFlows: ['implicit'] }] })
  t.after(() => local.close())
  const callback = await signInOnLoginPage(authorizeUrl(local, { response_type: 'token' }), ana)
  assert.equal(callback.search, '')
  const fragment = new URLSearchParams(callback.hash.slice(1))
  assert.deepEqual([...fragment.keys()].sort(), [
    'access_token',
    'expires_in',
    'id_token',
    'state',
    'token_type',
  ])
  const id = claimsOf(fragment.get('id_token') ?? '')
  assert.deepEqual([id['nonce'], id['cognito:username'], typeof id['at_hash']], ['nonce1', 'ana', 'string'])
  const without = await signInOnLoginPage(
    authorizeUrl(local, { response_type: 'token', scope: 'aws.cognito.signin.user.admin' }),
    ana,
  )
  assert.equal(new URLSearchParams(without.hash.slice(1)).has('id_token'), false)
  const refused = await locationOf(authorizeUrl(local))
  assert.equal(refused instanceof URL && refused.searchParams.get('error'), 'unauthorized_client')
})

test('a resource becomes the audience of the access token, and stays it', async (t) => {
  const local = await start()
  t.after(() => local.close())
  const resource = 'https://api.example.com/orders'
  const tokens = await tokensFor(local, { resource })
  assert.equal(claimsOf(tokens.access_token)['aud'], resource)
  assert.equal(claimsOf(tokens.id_token)['aud'], 'public1')
  const { body } = await refresh(local, tokens.refresh_token)
  assert.equal(claimsOf(String(body['access_token']))['aud'], resource)
  const plain = await tokensFor(local)
  assert.equal(claimsOf(plain.access_token)['aud'], undefined)
})

for (const resource of [
  'orders',
  'http://api.example.com',
  'https://api.example.com/#a',
  'http://localhost.example',
  'https:///a',
]) {
  test(`the resource ${resource} is refused`, async (t) => {
    const local = await start()
    t.after(() => local.close())
    const location = await locationOf(authorizeUrl(local, { resource }))
    assert.ok(location instanceof URL)
    assert.equal(location.href.startsWith(callbackURL), true)
    assert.equal(location.searchParams.get('error'), 'invalid_request')
  })
}

test('a scope whose attributes the client may not read is refused at the exchange', async (t) => {
  const local = await start({ clients: [{ clientId: 'public1', readAttributes: ['email'] }] })
  t.after(() => local.close())
  const callback = await signInOnLoginPage(authorizeUrl(local), ana)
  const { status, body } = await exchange(local, { code: callback.searchParams.get('code') ?? '' })
  assert.deepEqual([status, body], [400, { error: 'invalid_grant' }])
})
