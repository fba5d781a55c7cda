import assert from 'node:assert/strict'
import test from 'node:test'
import * as oidc from 'openid-client'
import { claimsOf, start } from '../domain.ts'

const machine = { clientId: 'machine1', clientSecret: 'secretOfTheMachine' }
const scopes = ['shop.example/orders.read', 'shop.example/orders.write']

for (const [kind, authentication] of [
  ['Basic', oidc.ClientSecretBasic(machine.clientSecret)],
  ['POST', oidc.ClientSecretPost(machine.clientSecret)],
] as const) {
  test(`openid-client gets a token for a machine (${kind})`, async (t) => {
    const local = await start({
      clients: [{ ...machine, allowedOAuthFlows: ['client_credentials'], scopes }],
      userPool: {
        resourceServers: [
          {
            identifier: 'shop.example',
            scopes: [{ scopeName: 'orders.read' }, { scopeName: 'orders.write' }],
          },
        ],
      },
    })
    t.after(() => local.close())
    const server = new URL(local.userPool.issuer)
    const configuration = await oidc.discovery(server, machine.clientId, undefined, authentication, {
      execute: [oidc.allowInsecureRequests],
    })
    const { access_token: token } = await oidc.clientCredentialsGrant(configuration, {
      scope: scopes.join(' '),
    })
    const { client_id: clientId, sub, scope } = claimsOf(token)
    assert.deepEqual([clientId, sub, scope], ['machine1', 'machine1', scopes.join(' ')])
  })
}
