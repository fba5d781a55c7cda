import { checkRoleArn } from '../aws/iam/role-options.ts'
import * as check from '../options/option-checks.ts'
import type { PoolRoles } from './pool.ts'
import type { RoleMapping, RoleMappingRule } from './role-mapping.ts'

/** How the users of one provider come to their role, as the caller describes it. */
export interface LocalRoleMapping {
  type: RoleMapping['type']
  /** What happens when that leads to no role. */
  ambiguousRoleResolution: RoleMapping['ambiguousRoleResolution']
  /** With the type `Rules`: the first that matches counts. */
  rulesConfiguration?: { rules: RoleMappingRule[] } | undefined
}

/** Checks the option `identityPool.roles`. */
export function rolesOption(given: unknown): PoolRoles['roles'] | undefined {
  if (given === undefined) return undefined
  const names = ['authenticated', 'unauthenticated'] as const
  const roles = check.checkObject('identityPool.roles', given, names)
  const named = names
    .filter((name) => roles[name] !== undefined)
    .map((name) => [name, checkRoleArn(`identityPool.roles.${name}`, roles[name])])
  return Object.fromEntries(named) as PoolRoles['roles']
}

/** Checks the option `identityPool.roleMappings`. */
export function roleMappingsFrom(given: unknown): PoolRoles['roleMappings'] {
  if (given === undefined) return undefined
  const providers = check.checkObject('identityPool.roleMappings', given, Object.keys(given ?? {}))
  return new Map(
    Object.entries(providers).map(([provider, mapping]) => [
      provider,
      mappingFrom(`identityPool.roleMappings.${provider}`, mapping),
    ]),
  )
}

function mappingFrom(option: string, given: unknown): RoleMapping {
  const mapping = check.checkObject(option, given, ['type', 'ambiguousRoleResolution', 'rulesConfiguration'])
  const type = check.checkOneOf(`${option}.type`, mapping['type'], ['Token', 'Rules'])
  const configuration = `${option}.rulesConfiguration`
  if ((type === 'Rules') !== (mapping['rulesConfiguration'] !== undefined))
    check.refuse(configuration, 'given with the type Rules, and with no other')
  const { rules } =
    type === 'Rules' ? check.checkObject(configuration, mapping['rulesConfiguration'], ['rules']) : {}
  return {
    type,
    ambiguousRoleResolution: check.checkOneOf(
      `${option}.ambiguousRoleResolution`,
      mapping['ambiguousRoleResolution'],
      ['AuthenticatedRole', 'Deny'],
    ),
    rules: check
      .checkArray(`${configuration}.rules`, rules, type === 'Rules' ? 1 : 0)
      .map((rule, index) => ruleFrom(`${configuration}.rules[${index}]`, rule)),
  }
}

function ruleFrom(option: string, given: unknown): RoleMappingRule {
  const rule = check.checkObject(option, given, ['claim', 'matchType', 'value', 'roleArn'])
  const shape = (max: number) => [new RegExp(`^[^]{1,${max}}$`), `1 to ${max} characters`] as const
  return {
    claim: check.checkString(`${option}.claim`, rule['claim'], ...shape(64)),
    matchType: check.checkOneOf(`${option}.matchType`, rule['matchType'], [
      'Equals',
      'Contains',
      'StartsWith',
      'NotEqual',
    ]),
    value: check.checkString(`${option}.value`, rule['value'], ...shape(128)),
    roleArn: checkRoleArn(`${option}.roleArn`, rule['roleArn']),
  }
}
