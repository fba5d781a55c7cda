import type { VerifiedLogin } from './login-provider.ts'
import { notAuthorized } from './refusals.ts'

/** How the users of one provider come to their role. */
export interface RoleMapping {
  /** By what their tokens say, or by rules. */
  type: 'Token' | 'Rules'
  /** What happens when that leads to no role. */
  ambiguousRoleResolution: 'AuthenticatedRole' | 'Deny'
  /** The first that matches counts. */
  rules: readonly RoleMappingRule[]
}

export interface RoleMappingRule {
  claim: string
  matchType: 'Equals' | 'Contains' | 'StartsWith' | 'NotEqual'
  value: string
  roleArn: string
}

/** SAML assertions name the roles in this attribute, each as `ROLE_ARN,PROVIDER_ARN` or the other way round. */
const samlRoles = 'https://aws.amazon.com/SAML/Attributes/Role'

/**
 * The role that a mapping gives a login, or undefined where the pool's own role is to be taken. Throws
 * `NotAuthorizedException` for a `CustomRoleArn` that the login has no claim to, and where nothing fits and that is to be denied.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
 */
export function mappedRole(
  mapping: RoleMapping,
  login: VerifiedLogin,
  customRoleArn: string | undefined,
): string | undefined {
  const roles = mapping.type === 'Token' ? tokenRoles(login) : ruledRoles(mapping.rules, login)
  if (customRoleArn !== undefined) {
    if (roles.all.includes(customRoleArn)) return customRoleArn
    throw notAuthorized(`Access to Role '${customRoleArn}' is forbidden.`)
  }
  if (roles.preferred !== undefined) return roles.preferred
  if (mapping.ambiguousRoleResolution === 'AuthenticatedRole') return undefined
  throw notAuthorized(`The ambiguous role mapping rules for: ${login.providerName} denied this request.`)
}

interface CandidateRoles {
  all: readonly string[]
  preferred: string | undefined
}

function tokenRoles({ provider, claims }: VerifiedLogin): CandidateRoles {
  if (provider.kind === 'saml') {
    const all = textsOf(claims[samlRoles]).flatMap((text) =>
      text.split(',').filter((arn) => arn.includes(':role/')),
    )
    return { all, preferred: all.length === 1 ? all[0] : undefined }
  }
  const preferred = claims['cognito:preferred_role']
  const all = claims['cognito:roles']
  return {
    // In a token it is an array; a text that only contains the ARN lists nothing.
    all: Array.isArray(all) ? textsOf(all) : [],
    preferred: typeof preferred === 'string' && preferred !== '' ? preferred : undefined,
  }
}

function ruledRoles(rules: readonly RoleMappingRule[], { claims }: VerifiedLogin): CandidateRoles {
  const all = rules.filter((rule) => matches(rule, claims)).map(({ roleArn }) => roleArn)
  return { all, preferred: all[0] }
}

/** No rule matches a claim that is absent, `NotEqual` included. Several values are one text, with commas between. */
function matches(rule: RoleMappingRule, claims: Record<string, unknown>): boolean {
  const texts = Object.hasOwn(claims, rule.claim) ? textsOf(claims[rule.claim]) : []
  if (texts.length === 0) return false
  const text = texts.join(',')
  switch (rule.matchType) {
    case 'Equals':
      return text === rule.value
    case 'Contains':
      return text.includes(rule.value)
    case 'StartsWith':
      return text.startsWith(rule.value)
    case 'NotEqual':
      return text !== rule.value
  }
}

function textsOf(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values
    .filter((one) => typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean')
    .map(String)
}
