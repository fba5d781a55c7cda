import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { ana, authorizeUrl, claimsOf, start } from '../domain.ts'
import { Person } from '../managed-login/person.ts'

async function implicit(t: TestContext, changes: Record<string, string | undefined> = {}): Promise<Person> {
  const local = await start({
    clients: [{ clientId: 'public1', allowedOAuthFlows: ['implicit'] }],
  })
  t.after(() => local.close())
  const person = await new Person().go(authorizeUrl(local, { response_type: 'token', ...changes }))
  return person.page === '' ? person : person.submit(ana)
}

test('the implicit grant puts everything into the fragment, and gives no refresh token', async (t) => {
  const person = await implicit(t)
  assert.equal(person.at.search, '')
  const fragment = new URLSearchParams(person.at.hash.slice(1))
  assert.deepEqual([...fragment.keys()], ['id_token', 'access_token', 'token_type', 'expires_in', 'state'])
  assert.deepEqual([person.answer('token_type'), person.answer('expires_in')], ['Bearer', '3600'])
  const claims = claimsOf(person.answer('id_token') ?? '')
  assert.deepEqual([claims['nonce'], typeof claims['at_hash']], ['nonce1', 'string'])
  assert.equal(claimsOf(person.answer('access_token') ?? '')['scope'], 'openid email')
})

test('without openid there is no ID token', async (t) => {
  const person = await implicit(t, { scope: 'aws.cognito.signin.user.admin' })
  assert.equal(person.answer('id_token'), null)
  assert.notEqual(person.answer('access_token'), null)
})

test('a client with the implicit grant only gets no code', async (t) => {
  const person = await implicit(t, { response_type: 'code' })
  assert.deepEqual(Object.fromEntries(person.at.searchParams), {
    error: 'unauthorized_client',
    state: 'state1',
  })
})
