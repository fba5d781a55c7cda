import { optional, readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { assertThisPool, invalidParameter, notAuthorized } from './refusals.ts'
import type { RoleMapping, RoleMappingRule } from './role-mapping.ts'

/** A quota; the model allows 400. */
const rulesAtMost = 25

type WireMapping = ReturnType<typeof model.roleMappings>[string]

/**
 * `SetIdentityPoolRoles`: replaces the roles and all mappings.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html
 */
export function setIdentityPoolRoles(pool: IdentityPool, input: Record<string, unknown>): object {
  const { IdentityPoolId, Roles, RoleMappings } = readInput(input, {
    IdentityPoolId: model.identityPoolId,
    Roles: model.roles,
    RoleMappings: optional(model.roleMappings),
  })
  assertThisPool(pool, IdentityPoolId)
  const mappings = Object.entries(RoleMappings ?? {}).map(([provider, mapping]) => {
    assertConfigured(pool, provider)
    return [provider, mappingFrom(mapping)] as const
  })
  const mapped = mappings.flatMap(([, mapping]) => mapping.rules.map(({ roleArn }) => roleArn))
  for (const roleArn of [...Object.values(Roles), ...mapped]) assertRole(pool, roleArn)
  pool.poolRoles.roles = Roles
  pool.poolRoles.roleMappings = new Map(mappings)
  return {}
}

function assertConfigured(pool: IdentityPool, provider: string): void {
  const names = pool
    .providers()
    .flatMap(({ kind, providerName, arn, clientIds }) =>
      kind === 'user-pool'
        ? clientIds().map((clientId) => `${providerName}:${clientId}`)
        : [arn ?? providerName, providerName],
    )
  if (!names.includes(provider))
    throw invalidParameter(
      `${provider} is not a valid RoleMapping ProviderName or is not a configured provider.`,
    )
}

/** Cognito passes the role on to STS and so needs to be allowed to; a role that does not exist is nobody's to pass. */
function assertRole({ hasRole }: IdentityPool, roleArn: string): void {
  if (!hasRole(roleArn)) throw notAuthorized(`Access to Role '${roleArn}' is forbidden.`)
}

function mappingFrom({ Type, AmbiguousRoleResolution, RulesConfiguration }: WireMapping): RoleMapping {
  const rules = RulesConfiguration?.Rules ?? []
  if (AmbiguousRoleResolution === undefined)
    throw invalidParameter('AmbiguousRoleResolution is required with Token and Rules.')
  if ((Type === 'Rules') !== rules.length > 0)
    throw invalidParameter('RulesConfiguration is required with Rules, and with nothing else.')
  if (rules.length > rulesAtMost) throw invalidParameter(`A provider has at most ${rulesAtMost} rules.`)
  return {
    type: Type as RoleMapping['type'],
    ambiguousRoleResolution: AmbiguousRoleResolution as RoleMapping['ambiguousRoleResolution'],
    rules: rules.map(({ Claim, MatchType, Value, RoleARN }) => ({
      claim: Claim,
      matchType: MatchType as RoleMappingRule['matchType'],
      value: Value,
      roleArn: RoleARN,
    })),
  }
}
