import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import * as oidc from 'openid-client'
import type { LocalCognito, LocalTriggers } from '../../../src/local/index.ts'
import { claimsOf, post, start } from '../domain.ts'

const machine = { clientId: 'machine1', clientSecret: 'secretOfTheMachine' }
const credentials = { client_id: machine.clientId, client_secret: machine.clientSecret }
const scopes = ['shop.example/orders.read', 'shop.example/orders.write']

async function startShop(t: TestContext, triggers: LocalTriggers = {}): Promise<LocalCognito> {
  const scope = (scopeName: string) => ({ scopeName })
  const local = await start({
    clients: [{ ...machine, allowedOAuthFlows: ['client_credentials'], scopes }, { clientId: 'public1' }],
    userPool: {
      triggers,
      resourceServers: [
        { identifier: 'shop.example', scopes: ['orders.read', 'orders.write', 'orders.delete'].map(scope) },
      ],
    },
  })
  t.after(() => local.close())
  return local
}

const grant = (local: LocalCognito, parameters: Record<string, string> = {}) =>
  post(local, '/oauth2/token', { grant_type: 'client_credentials', ...credentials, ...parameters })

test('a machine gets an access token about itself, and nothing else', async (t) => {
  const local = await startShop(t)
  const { status, body } = await grant(local, { scope: 'shop.example/orders.read' })
  assert.equal(status, 200)
  const { access_token: token, ...others } = body
  assert.deepEqual(others, { expires_in: 3600, token_type: 'Bearer' })
  const { iat, exp, jti, auth_time: authTime, ...claims } = claimsOf(String(token))
  assert.deepEqual(claims, {
    sub: 'machine1',
    client_id: 'machine1',
    token_use: 'access',
    scope: 'shop.example/orders.read',
    iss: local.userPool.issuer,
    version: 2,
  })
  assert.deepEqual([exp, authTime], [Number(iat) + 3600, iat])
  assert.match(String(jti), /^[0-9a-f-]{36}$/)
})

test('without a scope it gets all of its own', async (t) => {
  const { body } = await grant(await startShop(t))
  assert.equal(claimsOf(String(body['access_token']))['scope'], scopes.join(' '))
})

for (const [what, parameters, error] of [
  ['a scope that does not exist', { scope: 'shop.example/orders.eat' }, 'invalid_scope'],
  ['a scope of an unknown server', { scope: 'pub.example/beer' }, 'invalid_scope'],
  ['a scope that it does not have', { scope: 'shop.example/orders.delete' }, 'invalid_grant'],
  [
    'a list that it has in part',
    { scope: `${scopes.join(' ')} shop.example/orders.delete` },
    'invalid_grant',
  ],
  ['a scope of people', { scope: 'openid' }, 'invalid_grant'],
  ['a wrong secret', { client_secret: 'wrong' }, 'invalid_client'],
  ['metadata that is no JSON', { aws_client_metadata: '{' }, 'invalid_request'],
] as const) {
  test(`a machine with ${what} is refused with ${error}`, async (t) => {
    const { status, body } = await grant(await startShop(t), parameters)
    assert.equal(status, 400)
    assert.deepEqual(body, { error })
  })
}

test('a client of people has no such grant, and a machine no other', async (t) => {
  const local = await startShop(t)
  const people = await post(local, '/oauth2/token', {
    grant_type: 'client_credentials',
    client_id: 'public1',
  })
  assert.deepEqual(people.body, { error: 'unauthorized_client' })
  const code = await grant(local, {
    grant_type: 'authorization_code',
    code: 'x',
    redirect_uri: 'http://localhost:3000/callback',
  })
  assert.deepEqual(code.body, { error: 'unauthorized_client' })
})

test('userInfo and the API know no user behind a machine', async (t) => {
  const local = await startShop(t)
  const { body } = await grant(local)
  const headers = { authorization: `Bearer ${String(body['access_token'])}` }
  assert.equal((await fetch(`${local.url}/oauth2/userInfo`, { headers })).status, 401)
})

test('version 3 of the pre token generation trigger is asked about machines, with the metadata of the request', async (t) => {
  const seen: unknown[] = []
  const local = await startShop(t, {
    preTokenGenerationVersion: 'V3_0',
    preTokenGeneration: (event) => {
      seen.push([
        event.triggerSource,
        event.version,
        event.userName,
        event.request.scopes,
        event.request.clientMetadata,
      ])
      const accessTokenGeneration = {
        claimsToAddOrOverride: { tenant: 't1', sub: 'x' },
        scopesToAdd: ['extra'],
      }
      event.response.claimsAndScopeOverrideDetails = { accessTokenGeneration }
      return event
    },
  })
  const { body } = await grant(local, { aws_client_metadata: JSON.stringify({ tenant: 't1' }) })
  const claims = claimsOf(String(body['access_token']))
  assert.deepEqual(
    [claims['tenant'], claims['sub'], claims['scope']],
    ['t1', 'machine1', `${scopes.join(' ')} extra`],
  )
  assert.deepEqual(seen, [
    ['TokenGeneration_ClientCredentials', '3', 'ClientCredentials', scopes, { tenant: 't1' }],
  ])
})

test('openid-client gets a token for a machine', async (t) => {
  const local = await startShop(t)
  const configuration = await oidc.discovery(
    new URL(local.userPool.issuer),
    machine.clientId,
    undefined,
    oidc.ClientSecretBasic(machine.clientSecret),
    { execute: [oidc.allowInsecureRequests] },
  )
  const { access_token: token } = await oidc.clientCredentialsGrant(configuration, {
    scope: scopes.join(' '),
  })
  assert.equal(claimsOf(token)['client_id'], 'machine1')
})
