import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import {
  GetIdentityPoolRolesCommand,
  SetIdentityPoolRolesCommand,
  type SetIdentityPoolRolesCommandInput,
} from '@aws-sdk/client-cognito-identity'
import type { LocalCognitoOptions, LocalRoleMapping } from '../../src/local/index.ts'
import {
  badConfiguration,
  clientId,
  notAuthorized,
  refused,
  role,
  startPool,
  userPoolProvider,
} from './identity-pool-client.ts'

const key = `${userPoolProvider}:${clientId}`
const google = 'accounts.google.com'
const roles = { authenticated: role('user'), unauthenticated: role('guest') }
const assumed = (name: string) => `arn:aws:sts::000000000000:assumed-role/${name}/CognitoIdentityCredentials`
const forbidden = (name: string) => notAuthorized(`Access to Role '${role(name)}' is forbidden.`)

async function start(
  t: TestContext,
  options: LocalCognitoOptions['identityPool'],
  more: LocalCognitoOptions = {},
) {
  const pool = await startPool(t, {
    allowUnauthenticatedIdentities: true,
    ...more,
    identityPool: { roles, supportedLoginProviders: { [google]: 'g1' }, ...options },
  })
  return {
    ...pool,
    /** Which role a user of the user pool gets. */
    roleOf: async (claims: Record<string, unknown>, CustomRoleArn?: string) =>
      pool.callerOf(await pool.credentials(await pool.logins('ana', claims), { CustomRoleArn })),
  }
}

test('signed-in users and guests have the roles of the pool, below a path as well', async (t) => {
  const { credentials, callerOf, roleOf } = await start(t, {
    roles: { authenticated: 'arn:aws:iam::000000000000:role/team/user', unauthenticated: role('guest') },
  })
  assert.equal(await roleOf({}), assumed('user'))
  assert.equal(await callerOf(await credentials()), assumed('guest'))
})

test('where there is no role for the case at hand, the pool is said to be badly set up', async (t) => {
  const { credentials, logins } = await start(t, { roles: {} })
  await assert.rejects(credentials(), badConfiguration)
  await assert.rejects(credentials(await logins('ana')), badConfiguration)
})

test("without mappings a group's role in the token counts; with an empty list of them it does not", async (t) => {
  const claims = { 'cognito:preferred_role': role('staff'), 'cognito:roles': [role('staff')] }
  const usual = await start(t, {})
  assert.equal(await usual.roleOf(claims), assumed('staff'))
  const none = await start(t, { roleMappings: {} })
  assert.equal(await none.roleOf(claims), assumed('user'))
  await assert.rejects(none.roleOf(claims, role('staff')), forbidden('staff'))
})

test('type Token: the role asked for if listed, else the preferred one, else as the mapping says', async (t) => {
  const mapping = { type: 'Token', ambiguousRoleResolution: 'AuthenticatedRole' } as const
  const listed = { 'cognito:roles': [role('staff'), role('buyer')] }
  const lenient = await start(t, { roleMappings: { [key]: mapping } })
  assert.equal(await lenient.roleOf({ ...listed, 'cognito:preferred_role': role('staff') }), assumed('staff'))
  assert.equal(await lenient.roleOf(listed, role('buyer')), assumed('buyer'))
  assert.equal(await lenient.roleOf(listed), assumed('user'))
  await assert.rejects(lenient.roleOf(listed, role('owner')), forbidden('owner'))
  await assert.rejects(lenient.roleOf(listed, role('user')), forbidden('user'))
  const strict = await start(t, {
    roleMappings: { [key]: { ...mapping, ambiguousRoleResolution: 'Deny' } },
  })
  await assert.rejects(
    strict.roleOf(listed),
    notAuthorized(`The ambiguous role mapping rules for: ${userPoolProvider} denied this request.`),
  )
})

function rules(ambiguousRoleResolution: LocalRoleMapping['ambiguousRoleResolution']): LocalRoleMapping {
  return {
    type: 'Rules',
    ambiguousRoleResolution,
    rulesConfiguration: {
      rules: [
        { claim: 'custom:plan', matchType: 'Equals', value: 'gold', roleArn: role('gold') },
        { claim: 'email', matchType: 'Contains', value: '@example.jp', roleArn: role('colleague') },
        { claim: 'custom:plan', matchType: 'StartsWith', value: 'si', roleArn: role('silver') },
        { claim: 'custom:paid', matchType: 'NotEqual', value: 'yes', roleArn: role('debtor') },
        { claim: 'cognito:groups', matchType: 'Contains', value: 'admin', roleArn: role('admin') },
      ],
    },
  }
}

test('type Rules: the first rule that matches counts, and another match may be asked for', async (t) => {
  const { roleOf } = await start(t, { roleMappings: { [key]: rules('AuthenticatedRole') } })
  for (const [claims, expected] of [
    [{ 'custom:plan': 'gold' }, 'gold'],
    [{ 'custom:plan': 'golden' }, 'user'],
    [{ 'custom:plan': 'gold', email: 'ana@example.jp' }, 'gold'],
    [{ email: 'ana@example.jp.example.com' }, 'colleague'],
    [{ 'custom:plan': 'silver' }, 'silver'],
    [{ 'custom:plan': 'no silver' }, 'user'],
    [{ 'custom:paid': 'no' }, 'debtor'],
    [{ 'custom:paid': 'yes' }, 'user'],
    [{ 'cognito:groups': ['staff', 'admin'] }, 'admin'],
    [{ 'cognito:preferred_role': role('staff') }, 'user'],
    [{}, 'user'],
  ] as const)
    assert.equal(await roleOf(claims), assumed(expected), JSON.stringify(claims))
  const both = { 'custom:plan': 'gold', email: 'ana@example.jp' }
  assert.equal(await roleOf(both, role('colleague')), assumed('colleague'))
  await assert.rejects(roleOf(both, role('silver')), forbidden('silver'))
})

test('type Rules: nobody gets in without a match when that is to be denied', async (t) => {
  const { roleOf, local, credentials } = await start(t, {
    roleMappings: { [key]: rules('Deny'), [google]: rules('Deny') },
  })
  await assert.rejects(
    roleOf({ 'custom:plan': 'tin' }),
    notAuthorized(`The ambiguous role mapping rules for: ${userPoolProvider} denied this request.`),
  )
  const token = await local.issueProviderToken(google, { sub: 'ana' })
  await assert.rejects(
    credentials({ [google]: token }),
    notAuthorized(`The ambiguous role mapping rules for: ${google} denied this request.`),
  )
})

test('a mapping is for one app client; a refusal links no login', async (t) => {
  const { local, logins, getId, credentials, callerOf } = await start(
    t,
    { roleMappings: { [`${userPoolProvider}:app2`]: rules('Deny') } },
    { clients: [{ clientId }, { clientId: 'app2' }] },
  )
  assert.equal(await callerOf(await credentials(await logins('ana'))), assumed('user'))
  await assert.rejects(credentials(await logins('ana', { aud: 'app2' })), { name: 'NotAuthorizedException' })
  const guest = await getId()
  const denied = {
    [userPoolProvider]: await local.issueToken({ tokenUse: 'id', clientId: 'app2', claims: { sub: 'eva' } }),
  }
  await assert.rejects(credentials(denied, { IdentityId: guest }), { name: 'NotAuthorizedException' })
  assert.equal((await credentials(undefined, { IdentityId: guest })).identityId, guest)
})

test('a SAML assertion chooses among its own roles', async (t) => {
  const saml = 'arn:aws:iam::000000000000:saml-provider/office'
  const attribute = 'https://aws.amazon.com/SAML/Attributes/Role'
  const { local, credentials, callerOf } = await start(t, {
    samlProviderArns: [saml],
    roleMappings: { [saml]: { type: 'Token', ambiguousRoleResolution: 'Deny' } },
  })
  const loginOf = async (...names: string[]) => ({
    [saml]: await local.issueProviderToken(saml, {
      sub: 'ana',
      claims: { [attribute]: names.map((name) => `${role(name)},${saml}`) },
    }),
  })
  assert.equal(await callerOf(await credentials(await loginOf('one'))), assumed('one'))
  const two = await loginOf('one', 'two')
  assert.equal(await callerOf(await credentials(two, { CustomRoleArn: role('two') })), assumed('two'))
  await assert.rejects(credentials(two), {
    message: `The ambiguous role mapping rules for: ${saml} denied this request.`,
  })
  await assert.rejects(credentials(two, { CustomRoleArn: role('three') }), forbidden('three'))
})

test('a guest chooses no role', async (t) => {
  const { credentials } = await start(t, {})
  await assert.rejects(credentials(undefined, { CustomRoleArn: role('user') }), forbidden('user'))
})

test('roles are read and replaced as a whole', async (t) => {
  const {
    developer,
    identityPoolId: IdentityPoolId,
    roleOf,
  } = await start(t, {
    roleMappings: { [key]: rules('Deny') },
  })
  const get = async () => {
    const { $metadata: _, ...found } = await developer.send(
      new GetIdentityPoolRolesCommand({ IdentityPoolId }),
    )
    return found
  }
  const before = await get()
  assert.deepEqual(before.Roles, roles)
  assert.deepEqual(Object.keys(before.RoleMappings ?? {}), [key])
  assert.deepEqual(before.RoleMappings?.[key]?.RulesConfiguration?.Rules?.[0], {
    Claim: 'custom:plan',
    MatchType: 'Equals',
    Value: 'gold',
    RoleARN: role('gold'),
  })
  await assert.rejects(roleOf({}), { name: 'NotAuthorizedException' })
  const Roles = { authenticated: role('member') }
  await developer.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles }))
  assert.deepEqual(await get(), { IdentityPoolId, Roles })
  assert.equal(await roleOf({ 'cognito:preferred_role': role('staff') }), assumed('member'))
  const mapping = { Type: 'Token', AmbiguousRoleResolution: 'Deny' } as const
  await developer.send(
    new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles, RoleMappings: { [key]: mapping } }),
  )
  assert.deepEqual(await get(), { IdentityPoolId, Roles, RoleMappings: { [key]: mapping } })
  assert.equal(await roleOf({ 'cognito:preferred_role': role('staff') }), assumed('staff'))
})

test('a role that became that of guests is given to them', async (t) => {
  const { developer, identityPoolId: IdentityPoolId, credentials, callerOf } = await start(t, {})
  const Roles = { unauthenticated: role('visitor') }
  await developer.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles }))
  assert.equal(await callerOf(await credentials()), assumed('visitor'))
})

test('roles and mappings that make no sense are refused, and change nothing', async (t) => {
  const iamRoles = [{ roleArn: role('user') }, { roleArn: role('guest') }]
  const { developer, identityPoolId, roleOf } = await start(t, {}, { iamRoles })
  const set = (input: Partial<SetIdentityPoolRolesCommandInput>) =>
    developer.send(
      new SetIdentityPoolRolesCommand({
        IdentityPoolId: identityPoolId,
        Roles: { authenticated: role('guest') },
        ...input,
      }),
    )
  const rule = { Claim: 'sub', MatchType: 'Equals', Value: 'x', RoleARN: role('guest') } as const
  const mapped = (RulesConfiguration: { Rules: (typeof rule)[] }, changes: object = {}) => ({
    RoleMappings: {
      [key]: {
        Type: 'Rules' as const,
        AmbiguousRoleResolution: 'Deny' as const,
        RulesConfiguration,
        ...changes,
      },
    },
  })
  const invalid = { name: 'InvalidParameterException' }
  const unknownProvider = refused(
    'InvalidParameterException',
    `${userPoolProvider} is not a valid RoleMapping ProviderName or is not a configured provider.`,
  )
  for (const [input, refusal] of [
    [{ Roles: { authenticated: role('nobody') } }, forbidden('nobody')],
    [mapped({ Rules: [{ ...rule, RoleARN: role('nobody') }] }), forbidden('nobody')],
    [
      { RoleMappings: { [userPoolProvider]: { Type: 'Token', AmbiguousRoleResolution: 'Deny' } } },
      unknownProvider,
    ],
    [{ RoleMappings: { [key]: { Type: 'Token' } } }, invalid],
    [{ RoleMappings: { [key]: { Type: 'Rules', AmbiguousRoleResolution: 'Deny' } } }, invalid],
    [mapped({ Rules: Array.from({ length: 26 }, () => rule) }), invalid],
    [mapped({ Rules: [] }), { name: 'ValidationException' }],
    [{ Roles: { admin: role('user') } }, { name: 'ValidationException' }],
    [{ Roles: { authenticated: 'user' } }, { name: 'ValidationException' }],
    [{ IdentityPoolId: 'us-east-1:0' }, { name: 'ResourceNotFoundException' }],
  ] as [Partial<SetIdentityPoolRolesCommandInput>, object][])
    await assert.rejects(set(input), refusal, JSON.stringify(input))
  await assert.rejects(
    set(mapped({ Rules: [{ ...rule, MatchType: 'Like' as 'Equals' }] })),
    refused(
      'ValidationException',
      `1 validation error detected: Value 'Like' at 'roleMappings.${key}.member.rulesConfiguration.rules.1.member.matchType' ` +
        'failed to satisfy constraint: Member must satisfy enum value set: [Equals, Contains, StartsWith, NotEqual]',
    ),
  )
  assert.equal(await roleOf({}), assumed('user'))
})
