import type { Caller } from '../callers.ts'
import { evaluate, type AccessRequest } from './evaluate.ts'
import { extendContext, requestContext } from './request-context.ts'

/**
 * Why a caller may not do something, in the words of AWS; undefined when they may. All their sets of policies must allow it: a
 * session policy grants nothing that the role does not.
 */
export function refusalOf(
  caller: Caller,
  action: string,
  resource: string,
  keys: Record<string, string | undefined> = {},
): string | undefined {
  const context = extendContext(caller.context, requestContext(keys))
  const request: AccessRequest = { action, resource, context }
  const refused = `User: ${caller.arn} is not authorized to perform: ${action} on resource: "${resource}"`
  for (const { kind, policies } of caller.permissions) {
    const decision = evaluate(policies, request)
    if (decision === 'denied') return `${refused} with an explicit deny in ${article(kind)} policy`
    if (decision === 'not-allowed') return `${refused} because no ${kind} policy allows the ${action} action`
  }
  return undefined
}

function article(kind: Caller['permissions'][number]['kind']): string {
  return kind === 'identity-based' ? `an ${kind}` : `a ${kind}`
}
