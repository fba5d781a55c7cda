import { conditionsFrom, type Condition } from './condition.ts'
import { MalformedPolicy } from './malformed-policy.ts'

/** One rule of a policy. */
export interface Statement {
  effect: 'Allow' | 'Deny'
  /** Names of identity providers; of trust policies only. */
  principals: readonly string[]
  actions: readonly string[]
  /** Patterns of ARNs; of permission policies only. */
  resources: readonly string[]
  conditions: readonly Condition[]
}

/** A policy as it is evaluated. */
export interface Policy {
  statements: readonly Statement[]
  /** `${…}` is a variable since version 2012-10-17 of the language, and plain text before. */
  hasVariables: boolean
}

/** Who may assume a role, or what its sessions may do. */
export type PolicyKind = 'trust' | 'permissions'

const common = ['Sid', 'Effect', 'Action', 'Condition']
const elementsOf: Record<PolicyKind, readonly string[]> = {
  trust: [...common, 'Principal'],
  permissions: [...common, 'Resource'],
}

/**
 * Reads a policy document in IAM's own JSON. Throws {@link MalformedPolicy} for every element and operator that is not
 * evaluated here: leaving one out could grant what IAM would not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function policyFrom(document: unknown, kind: PolicyKind): Policy {
  const policy = objectFrom(document, 'a policy')
  onlyKnown(policy, ['Version', 'Id', 'Statement'], 'a policy')
  const version = policy['Version'] ?? '2008-10-17'
  if (version !== '2008-10-17' && version !== '2012-10-17')
    throw new MalformedPolicy('Version must be 2012-10-17')
  const statements = listFrom(policy['Statement'])
  if (statements.length === 0) throw new MalformedPolicy('Statement must not be empty')
  return {
    hasVariables: version === '2012-10-17',
    statements: statements.map((statement) => statementFrom(statement, kind)),
  }
}

function statementFrom(given: unknown, kind: PolicyKind): Statement {
  const statement = objectFrom(given, 'Statement')
  onlyKnown(statement, elementsOf[kind], `a statement of a ${kind} policy`)
  const effect = statement['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') throw new MalformedPolicy('Effect must be Allow or Deny')
  return {
    effect,
    principals: kind === 'trust' ? principalsFrom(statement['Principal']) : [],
    actions: stringsFrom(statement['Action'], 'Action'),
    resources: kind === 'permissions' ? stringsFrom(statement['Resource'], 'Resource') : [],
    conditions: conditionsFrom(objectFrom(statement['Condition'] ?? {}, 'Condition')),
  }
}

/** Web identities are the only principals that the local STS has. */
function principalsFrom(given: unknown): string[] {
  if (given === '*') return ['*']
  const principal = objectFrom(given, 'Principal')
  onlyKnown(principal, ['Federated'], 'Principal')
  return stringsFrom(principal['Federated'], 'Principal.Federated')
}

function objectFrom(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedPolicy(`${name} must be an object`)
  return value as Record<string, unknown>
}

function onlyKnown(value: Record<string, unknown>, known: readonly string[], where: string): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new MalformedPolicy(
      `${where} may have ${known.join(', ')}: "${unknown.slice(0, 64)}" is not evaluated here`,
    )
}

function stringsFrom(value: unknown, name: string): string[] {
  const texts = listFrom(value).filter((text) => typeof text === 'string' && text !== '')
  if (texts.length === 0 || texts.length !== listFrom(value).length)
    throw new MalformedPolicy(`${name} must be a string or an array of strings`)
  return texts as string[]
}

function listFrom(value: unknown): unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
