import assert from 'node:assert/strict'
import test from 'node:test'
import { startLocalCognito, type LocalCognitoOptions } from '../../src/local/index.ts'
import { claimsOf } from './domain.ts'

const wrong: [string, unknown, string][] = [
  ['an unknown member', { magic: 1 }, 'userPool.magic'],
  ['an unknown sign-in name', { usernameAttributes: ['nickname'] }, 'userPool.usernameAttributes[0]'],
  [
    'names and aliases at once',
    { usernameAttributes: ['email'], aliasAttributes: ['email'] },
    'userPool.aliasAttributes',
  ],
  [
    'an address that is verified before it is used, and never otherwise',
    {
      autoVerifiedAttributes: [],
      userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ['email'] },
    },
    'userPool.userAttributeUpdateSettings.attributesRequireVerificationBeforeUpdate',
  ],
  ['a repeated alias', { aliasAttributes: ['email', 'email'] }, 'userPool.aliasAttributes'],
  ['a misspelt MFA setting', { mfaConfiguration: 'on' }, 'userPool.mfaConfiguration'],
  ['factors while MFA is off', { enabledMfas: ['SMS_MFA'] }, 'userPool.enabledMfas'],
  ['MFA without a factor', { mfaConfiguration: 'ON', enabledMfas: [] }, 'userPool.enabledMfas'],
  [
    'a short minimum',
    { policies: { passwordPolicy: { minimumLength: 5 } } },
    'userPool.policies.passwordPolicy.minimumLength',
  ],
  [
    'first factors without a password',
    { policies: { signInPolicy: { allowedFirstAuthFactors: ['EMAIL_OTP'] } } },
    'userPool.policies.signInPolicy.allowedFirstAuthFactors',
  ],
  [
    'a required custom attribute',
    { schema: [{ name: 'plan', required: true }] },
    'userPool.schema[0].required',
  ],
  [
    'an attribute described twice',
    { schema: [{ name: 'plan' }, { name: 'custom:plan' }] },
    'userPool.schema[].name',
  ],
  [
    'a limit that is no number',
    { schema: [{ name: 'plan', stringAttributeConstraints: { minLength: 'x' } }] },
    'userPool.schema[0].stringAttributeConstraints.minLength',
  ],
  ['a trigger that is no function', { triggers: { preSignUp: true } }, 'userPool.triggers.preSignUp'],
  [
    'a version that does not exist',
    { triggers: { preTokenGenerationVersion: 'V9' } },
    'userPool.triggers.preTokenGenerationVersion',
  ],
  [
    'a scope with a slash',
    { resourceServers: [{ identifier: 'a', scopes: [{ scopeName: 'b/c' }] }] },
    'userPool.resourceServers[0].scopes[0].scopeName',
  ],
]
for (const [what, userPool, option] of wrong) {
  test(`a pool with ${what} is refused by name`, async () => {
    await assert.rejects(startLocalCognito({ userPool } as LocalCognitoOptions), (error: Error) => {
      assert.equal(error.name, 'ConfigurationError')
      assert.ok(error.message.includes(`"${option}"`), error.message)
      return true
    })
  })
}

for (const [what, mfa, option] of [
  ['a preferred factor that is not set up', { preferred: 'SMS_MFA' }, 'users[0].mfa.preferred'],
  [
    'a secret that is not base32',
    { softwareToken: { secretCode: 'x'.repeat(16) } },
    'users[0].mfa.softwareToken.secretCode',
  ],
] as const) {
  test(`a user with ${what} is refused by name`, async () => {
    const users = [{ username: 'ana', password: 'Passw0rd!', mfa }]
    await assert.rejects(startLocalCognito({ users }), { option })
  })
}

test('where users sign in with their e-mail address, their internal name is the sub', async (t) => {
  const local = await startLocalCognito({
    userPool: { usernameAttributes: ['email'] },
    users: [{ username: 'ana@example.com', password: 'Passw0rd!' }],
  })
  t.after(() => local.close())
  const claims = claimsOf(await local.issueToken({ tokenUse: 'id', username: 'ana@example.com' }))
  assert.equal(claims['cognito:username'], claims['sub'])
  assert.deepEqual([claims['email'], claims['email_verified']], ['ana@example.com', true])
  await assert.rejects(
    startLocalCognito({
      userPool: { usernameAttributes: ['email'] },
      users: [{ username: 'ana', password: 'Passw0rd!' }],
    }),
    { option: 'users[0].username' },
  )
})

test('with a schema, only the attributes that it names exist', async () => {
  const userPool = { schema: [{ name: 'plan' }] }
  const user = { username: 'ana', password: 'Passw0rd!' }
  await assert.rejects(
    startLocalCognito({ userPool, users: [{ ...user, attributes: { 'custom:other': 'x' } }] }),
    {
      option: 'users[0].attributes.custom:other',
    },
  )
  const local = await startLocalCognito({
    userPool,
    users: [{ ...user, attributes: { 'custom:plan': 'x' } }],
  })
  await local.close()
})
