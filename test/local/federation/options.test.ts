import assert from 'node:assert/strict'
import test from 'node:test'
import { startLocalCognito, type LocalCognitoOptions } from '../../../src/local/index.ts'

const google = { providerType: 'Google' }
const pool = (...identityProviders: unknown[]) => ({ userPool: { identityProviders } })

const wrong: [what: string, options: unknown, option: string][] = [
  ['a provider of no type', pool({}), 'userPool.identityProviders[0].providerType'],
  [
    'a provider of an unknown type',
    pool({ providerType: 'Twitter' }),
    'userPool.identityProviders[0].providerType',
  ],
  [
    'Google under another name',
    pool({ ...google, providerName: 'Goo' }),
    'userPool.identityProviders[0].providerName',
  ],
  [
    'a provider called COGNITO',
    pool({ providerType: 'OIDC', providerName: 'COGNITO' }),
    'userPool.identityProviders[0].providerName',
  ],
  [
    'a provider with an underscore',
    pool({ providerType: 'OIDC', providerName: 'a_b' }),
    'userPool.identityProviders[0].providerName',
  ],
  ['two providers of one name', pool(google, google), 'userPool.identityProviders[].providerName'],
  [
    'two providers with one identifier',
    pool({ ...google, idpIdentifiers: ['x'] }, { providerType: 'OIDC', idpIdentifiers: ['x'] }),
    'userPool.identityProviders[].idpIdentifiers',
  ],
  [
    'a mapping to no attribute',
    pool({ ...google, attributeMapping: { mail: 'email' } }),
    'userPool.identityProviders[0].attributeMapping.mail',
  ],
  [
    'a mapping of the name',
    pool({ ...google, attributeMapping: { username: 'email' } }),
    'userPool.identityProviders[0].attributeMapping.username',
  ],
  [
    'a mapping from nothing',
    pool({ ...google, attributeMapping: { email: 1 } }),
    'userPool.identityProviders[0].attributeMapping.email',
  ],
  [
    'a person without a subject',
    pool({ ...google, people: [{ email: 'a@example.com' }] }),
    'userPool.identityProviders[0].people[0].sub',
  ],
  [
    'a client with a provider that is not there',
    { ...pool(google), clients: [{ supportedIdentityProviders: ['Facebook'] }] },
    'clients[0].supportedIdentityProviders',
  ],
  [
    'a client with nobody',
    { ...pool(google), clients: [{ supportedIdentityProviders: [] }] },
    'clients[0].supportedIdentityProviders',
  ],
  [
    'a user linked to a provider that is not there',
    {
      ...pool(google),
      users: [
        { username: 'ana', password: 'x', linkedProviders: [{ providerName: 'Facebook', userId: '1' }] },
      ],
    },
    'users[0].linkedProviders[0].providerName',
  ],
  [
    'a machine with scopes of people',
    { clients: [{ clientSecret: 's', allowedOAuthFlows: ['client_credentials'], scopes: ['openid'] }] },
    'clients[0].scopes',
  ],
  [
    'a machine without scopes',
    { clients: [{ clientSecret: 's', allowedOAuthFlows: ['client_credentials'] }] },
    'clients[0].scopes',
  ],
]
for (const [what, options, option] of wrong) {
  test(`${what} is refused by name`, async () => {
    await assert.rejects(
      startLocalCognito(options as LocalCognitoOptions),
      (error: Error & { option?: string }) => {
        assert.equal(error.option, option, error.message)
        return true
      },
    )
  })
}

test('an unknown member of a provider is refused', async () => {
  const options = pool({ ...google, mapping: {} }) as LocalCognitoOptions
  await assert.rejects(
    startLocalCognito(options),
    /unknown option "userPool\.identityProviders\[0\]\.mapping"/,
  )
})
