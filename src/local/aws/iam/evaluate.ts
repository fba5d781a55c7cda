import { meetsCondition } from './condition.ts'
import type { Policy, Statement } from './policy-document.ts'
import { matchesName, policyPattern } from './policy-pattern.ts'
import type { RequestContext } from './request-context.ts'

/** What somebody wants to do. */
export interface AccessRequest {
  /** `s3:GetObject`. */
  action: string
  /** An ARN; trust policies have none. */
  resource?: string
  /** The names of the identity provider that vouches for a web identity; asked of trust policies. */
  principals?: readonly string[]
  context: RequestContext
}

export type Decision = 'allowed' | 'not-allowed' | 'denied'

/**
 * What a set of policies says of a request: a statement that denies wins over all that allow, and without one that
 * allows nothing is allowed. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(policies: readonly Policy[], request: AccessRequest): Decision {
  const effects = policies.flatMap(({ statements, hasVariables }) =>
    statements
      .filter((statement) => applies(statement, request, hasVariables))
      .map((statement) => statement.effect),
  )
  if (effects.includes('Deny')) return 'denied'
  return effects.includes('Allow') ? 'allowed' : 'not-allowed'
}

function applies(statement: Statement, request: AccessRequest, hasVariables: boolean): boolean {
  const { action, resource, principals, context } = request
  return (
    statement.actions.some((pattern) => matchesName(pattern, action)) &&
    (resource === undefined ||
      statement.resources.some((text) => policyPattern(text, context, hasVariables)?.matches(resource))) &&
    (principals === undefined ||
      statement.principals.some((name) => name === '*' || principals.includes(name))) &&
    statement.conditions.every((condition) => meetsCondition(condition, context, hasVariables))
  )
}
