import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import {
  CognitoIdentityProviderClient,
  GetClientTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { startLocalCognito, type LocalCognito } from '../../src/local/index.ts'
import { claimsOf, clientSecret, post } from './domain.ts'

let local: LocalCognito
let sdk: CognitoIdentityProviderClient
const seen: unknown[] = []
before(async () => {
  local = await startLocalCognito({
    userPool: {
      resourceServers: [
        {
          identifier: 'orders',
          scopes: [{ scopeName: 'read' }, { scopeName: 'write' }, { scopeName: 'delete' }],
        },
      ],
      triggers: {
        preTokenGenerationVersion: 'V3_0',
        preTokenGeneration(event) {
          seen.push([event.triggerSource, event.userName, event.request.scopes, event.request.clientMetadata])
          event.response.claimsAndScopeOverrideDetails = {
            accessTokenGeneration: { claimsToAddOrOverride: { tenant: 'acme', client_id: 'x' } },
          }
          return event
        },
      },
    },
    clients: [
      { clientId: 'public1' },
      {
        clientId: 'machine1',
        clientSecret,
        allowedOAuthFlows: ['client_credentials'],
        explicitAuthFlows: ['ALLOW_CLIENT_TOKEN_AUTH'],
        scopes: ['orders/read', 'orders/write'],
        accessTokenValiditySeconds: 600,
      },
      { clientId: 'confidential1', clientSecret },
    ],
  })
  const { awsCredentials: credentials, url: endpoint } = local
  sdk = new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 })
})
after(async () => {
  sdk.destroy()
  await local.close()
})

const grant = (changes: Record<string, string> = {}) =>
  post(local, '/oauth2/token', {
    grant_type: 'client_credentials',
    client_id: 'machine1',
    client_secret: clientSecret,
    ...changes,
  })

test('a machine gets an access token of its own: its sub is the client, and nobody signed in', async () => {
  const { status, body } = await grant({ scope: 'orders/read', aws_client_metadata: '{"from":"cron"}' })
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'token_type'])
  assert.equal(body['expires_in'], 600)
  const claims = claimsOf(String(body['access_token']))
  assert.deepEqual(
    [claims['sub'], claims['client_id'], claims['token_use']],
    ['machine1', 'machine1', 'access'],
  )
  assert.equal(claims['scope'], 'orders/read')
  assert.equal(Number(claims['exp']) - Number(claims['iat']), 600)
  for (const absent of ['username', 'cognito:groups', 'device_key', 'origin_jti', 'event_id']) {
    assert.equal(claims[absent], undefined, absent)
  }
  // Version 3 of the trigger hears of machines.
  assert.equal(claims['tenant'], 'acme')
  assert.deepEqual(seen.at(-1), [
    'TokenGeneration_ClientCredentials',
    'ClientCredentials',
    ['orders/read'],
    { from: 'cron' },
  ])
})

test('without scopes a machine gets all of its own', async () => {
  const { body } = await grant()
  assert.equal(claimsOf(String(body['access_token']))['scope'], 'orders/read orders/write')
})

for (const [what, changes, status, error] of [
  ['a scope that does not exist', { scope: 'orders/read orders/magic' }, 400, 'invalid_scope'],
  ['a scope of people', { scope: 'openid' }, 400, 'invalid_scope'],
  ['a scope that the client does not have', { scope: 'orders/read orders/delete' }, 400, 'invalid_grant'],
  ['a wrong secret', { client_secret: 'another' }, 400, 'invalid_client'],
  ['a client of people', { client_id: 'confidential1' }, 400, 'unauthorized_client'],
  ['metadata that is no JSON', { aws_client_metadata: '{' }, 400, 'invalid_request'],
] as const) {
  test(`a machine token with ${what} is refused with ${error}`, async () => {
    const answer = await grant(changes)
    assert.deepEqual([answer.status, answer.body['error']], [status, error])
  })
}

test('a client for machines signs nobody in', async () => {
  const { body } = await post(local, '/oauth2/token', {
    grant_type: 'authorization_code',
    client_id: 'machine1',
    client_secret: clientSecret,
    code: 'x',
    redirect_uri: 'http://localhost:3000/callback',
  })
  assert.equal(body['error'], 'unauthorized_client')
})

test('GetClientToken gives the same token through the API', async () => {
  const get = (changes: { ClientId?: string; Secret?: string; Scopes?: string[] } = {}) =>
    sdk.send(
      new GetClientTokenCommand({
        ClientId: 'machine1',
        Secret: clientSecret,
        Scopes: ['orders/write'],
        ...changes,
      }),
    )
  const { ClientAuthenticationResult: result } = await get()
  assert.deepEqual([result?.ExpiresIn, result?.TokenType], [600, 'Bearer'])
  assert.equal(claimsOf(result?.AccessToken ?? '')['scope'], 'orders/write')
  await assert.rejects(get({ Secret: 'another' }), { name: 'NotAuthorizedException' })
  await assert.rejects(get({ Scopes: ['orders/delete'] }), { name: 'InvalidParameterException' })
  await assert.rejects(get({ ClientId: 'confidential1' }), {
    name: 'InvalidParameterException',
    message: 'CLIENT_TOKEN_AUTH flow not enabled for this client',
  })
})

test('a token of a machine speaks for no user', async () => {
  const { body } = await grant()
  const response = await fetch(`${local.url}/oauth2/userInfo`, {
    headers: { authorization: `Bearer ${String(body['access_token'])}` },
  })
  assert.equal(response.status, 401)
})
