import type { VerifiedLogin } from './login-provider.ts'
import type { IdentityPool, PoolRoles } from './pool.ts'
import { invalidConfiguration, notAuthorized } from './refusals.ts'
import { mappedRole, type RoleMapping } from './role-mapping.ts'

/** Who is to get a role. */
interface Candidate {
  isGuest: boolean
  logins: readonly VerifiedLogin[]
  customRoleArn: string | undefined
}

/** How tokens of user pools choose the role where no mapping was ever set. */
const tokenMapping: RoleMapping = {
  type: 'Token',
  ambiguousRoleResolution: 'AuthenticatedRole',
  rules: [],
}

/**
 * The IAM role that the credentials assume: as the mapping of the first login that has one says, else the pool's own role
 * for signed-in users or guests. Throws `NotAuthorizedException` for a `CustomRoleArn` that no mapping gives, and
 * `InvalidIdentityPoolConfigurationException` where the pool has no role.
 */
export function chooseRole({ poolRoles }: IdentityPool, candidate: Candidate): string {
  const { isGuest, logins, customRoleArn } = candidate
  const { roles } = poolRoles
  // A guest has no logins, and so no mapping.
  const mapped = firstMapping(poolRoles, logins)
  if (!mapped && customRoleArn !== undefined)
    throw notAuthorized(`Access to Role '${customRoleArn}' is forbidden.`)
  const role = mapped && mappedRole(mapped.mapping, mapped.login, customRoleArn)
  const chosen = role ?? (isGuest ? roles.unauthenticated : roles.authenticated)
  if (chosen === undefined) throw invalidConfiguration()
  return chosen
}

function firstMapping(poolRoles: PoolRoles, logins: readonly VerifiedLogin[]) {
  for (const login of logins) {
    const mapping = mappingOf(poolRoles, login)
    if (mapping) return { login, mapping }
  }
  return undefined
}

function mappingOf({ roleMappings }: PoolRoles, login: VerifiedLogin): RoleMapping | undefined {
  const { provider, providerName, audience } = login
  if (!roleMappings) return provider.kind === 'user-pool' ? tokenMapping : undefined
  if (provider.kind === 'user-pool') return roleMappings.get(`${providerName}:${audience}`)
  return roleMappings.get(provider.arn ?? providerName) ?? roleMappings.get(providerName)
}
