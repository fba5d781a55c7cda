import assert from 'node:assert/strict'
import test from 'node:test'
import { inspect } from 'node:util'
import { startLocalCognito } from '../../src/local/index.ts'
import { role, startPool } from './identity-pool-client.ts'

const secretAccessKey = 'a-secret-that-no-message-shows'
const rule = { claim: 'sub', matchType: 'Equals', value: 'x', roleArn: role('x') }
const mapping = (changes: object) => ({
  identityPool: { roleMappings: { p: { type: 'Token', ambiguousRoleResolution: 'Deny', ...changes } } },
})

for (const [options, option] of [
  [{ identityPool: 'x' }, 'identityPool'],
  [{ identityPool: { allowClassicFlows: true } }, 'identityPool.allowClassicFlows'],
  [{ identityPool: { identityPoolId: 'us-east-1_x' } }, 'identityPoolId'],
  [{ identityPool: { identityPoolName: 'a/b' } }, 'identityPool.identityPoolName'],
  [{ identityPool: { allowClassicFlow: 'yes' } }, 'identityPool.allowClassicFlow'],
  [{ identityPool: { allowUnauthenticatedIdentities: 1 } }, 'allowUnauthenticatedIdentities'],
  [{ identityPool: { developerProviderName: 'a b' } }, 'identityPool.developerProviderName'],
  [
    { identityPool: { supportedLoginProviders: ['graph.facebook.com'] } },
    'identityPool.supportedLoginProviders',
  ],
  [
    { identityPool: { supportedLoginProviders: { 'graph.facebook.com': 1 } } },
    'identityPool.supportedLoginProviders.graph.facebook.com',
  ],
  [
    { identityPool: { openIdConnectProviders: [{ arn: 'https://idp.example.jp', clientIds: ['a'] }] } },
    'identityPool.openIdConnectProviders[0].arn',
  ],
  [
    {
      identityPool: {
        openIdConnectProviders: [
          { arn: 'arn:aws:iam::000000000000:oidc-provider/idp.example.jp', clientIds: [] },
        ],
      },
    },
    'identityPool.openIdConnectProviders[0].clientIds',
  ],
  [{ identityPool: { samlProviderArns: ['office'] } }, 'identityPool.samlProviderArns[0]'],
  [{ identityPool: { cognitoIdentityProviders: [{}] } }, 'identityPool.cognitoIdentityProviders[0].clientId'],
  [
    { identityPool: { cognitoIdentityProviders: [{ clientId: 'a', providerName: 'https://x' }] } },
    'identityPool.cognitoIdentityProviders[0].providerName',
  ],
  [{ identityPool: { roles: { authenticated: 'user' } } }, 'identityPool.roles.authenticated'],
  [{ identityPool: { roles: { admin: role('x') } } }, 'identityPool.roles.admin'],
  [mapping({ type: 'token' }), 'identityPool.roleMappings.p.type'],
  [mapping({ ambiguousRoleResolution: undefined }), 'identityPool.roleMappings.p.ambiguousRoleResolution'],
  [mapping({ type: 'Rules' }), 'identityPool.roleMappings.p.rulesConfiguration'],
  [mapping({ rulesConfiguration: { rules: [rule] } }), 'identityPool.roleMappings.p.rulesConfiguration'],
  [
    mapping({ type: 'Rules', rulesConfiguration: { rules: [] } }),
    'identityPool.roleMappings.p.rulesConfiguration.rules',
  ],
  [
    mapping({ type: 'Rules', rulesConfiguration: { rules: [{ ...rule, matchType: 'Like' }] } }),
    'identityPool.roleMappings.p.rulesConfiguration.rules[0].matchType',
  ],
  [
    { identityPool: { principalTags: { p: { principalTags: { team: 7 } } } } },
    'identityPool.principalTags.p.principalTags.team',
  ],
  [{ iamRoles: [{ roleArn: 'user' }] }, 'iamRoles[0].roleArn'],
  [{ iamRoles: [{ roleArn: role('x') }, { roleArn: role('x') }] }, 'iamRoles[].roleArn'],
  [{ iamRoles: [{ roleArn: role('x'), maxSessionDuration: 900 }] }, 'iamRoles[0].maxSessionDuration'],
  [
    { iamRoles: [{ roleArn: role('x'), assumeRolePolicyDocument: { Statement: [] } }] },
    'iamRoles[0].assumeRolePolicyDocument',
  ],
  [
    {
      iamRoles: [
        {
          roleArn: role('x'),
          policies: [
            { Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: { Bool: { a: 'b' } } } },
          ],
        },
      ],
    },
    'iamRoles[0].policies[0]',
  ],
  [{ accessKeys: [] }, 'accessKeys'],
  [{ accessKeys: [{ accessKeyId: 'AKIA', secretAccessKey }] }, 'accessKeys[0].accessKeyId'],
  [
    { accessKeys: [{ accessKeyId: 'AKIA0LOCAL0SOMEBODY0', secretAccessKey: 'short' }] },
    'accessKeys[0].secretAccessKey',
  ],
  [
    {
      accessKeys: [
        { accessKeyId: 'AKIA0LOCAL0SOMEBODY0', secretAccessKey },
        { accessKeyId: 'AKIA0LOCAL0SOMEBODY0', secretAccessKey },
      ],
    },
    'accessKeys[].accessKeyId',
  ],
] as [object, string][]) {
  test(`a wrong option ${option} is refused by its name`, async () => {
    await assert.rejects(startLocalCognito(options), (error: Error & { code: string }) => {
      assert.equal(error.code, 'ERR_COGNITO_CONFIGURATION')
      assert.equal(error.message.includes(`option "${option}"`), true, error.message)
      assert.equal(error.message.includes(secretAccessKey), false)
      return true
    })
  })
}

test('the id and the switch for guests are taken in either place, and not in both', async (t) => {
  const identityPoolId = 'us-east-1:128d0a74-c82f-4553-916d-90053e8a11ce'
  const inside = { identityPoolId, allowUnauthenticatedIdentities: true }
  const { local, getId } = await startPool(t, { identityPool: inside })
  assert.equal(local.identityPool.identityPoolId, identityPoolId)
  assert.match(await getId(), /^us-east-1:/)
  for (const name of ['identityPoolId', 'allowUnauthenticatedIdentities'] as const)
    await assert.rejects(startLocalCognito({ [name]: inside[name], identityPool: inside }), {
      message: `[local Cognito] option "${name}" must be given once: in "identityPool" or beside it`,
    })
})

test('the handle shows neither secret nor key when it is printed', async (t) => {
  const { local } = await startPool(t)
  assert.equal(inspect(local).includes(local.awsCredentials.secretAccessKey), false)
})
