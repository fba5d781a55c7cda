import { readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { assertThisPool } from './refusals.ts'
import type { RoleMapping } from './role-mapping.ts'

/**
 * `GetIdentityPoolRoles`: the pool's own roles and the role mappings, where any were set.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetIdentityPoolRoles.html
 */
export function getIdentityPoolRoles(pool: IdentityPool, input: Record<string, unknown>): object {
  const { IdentityPoolId } = readInput(input, { IdentityPoolId: model.identityPoolId })
  assertThisPool(pool, IdentityPoolId)
  const { roles, roleMappings } = pool.poolRoles
  const mappings = Array.from(
    roleMappings ?? [],
    ([provider, mapping]) => [provider, wireMapping(mapping)] as const,
  )
  return {
    IdentityPoolId,
    Roles: roles,
    RoleMappings: mappings.length > 0 ? Object.fromEntries(mappings) : undefined,
  }
}

function wireMapping({ type, ambiguousRoleResolution, rules }: RoleMapping): object {
  const Rules = rules.map(({ claim, matchType, value, roleArn }) => ({
    Claim: claim,
    MatchType: matchType,
    Value: value,
    RoleARN: roleArn,
  }))
  return {
    Type: type,
    AmbiguousRoleResolution: ambiguousRoleResolution,
    RulesConfiguration: type === 'Rules' ? { Rules } : undefined,
  }
}
