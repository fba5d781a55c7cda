import { MalformedPolicy } from './malformed-policy.ts'
import { policyPattern } from './policy-pattern.ts'
import type { RequestContext } from './request-context.ts'

const operators = ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'] as const
const quantifiers = ['ForAnyValue', 'ForAllValues'] as const

/** What a statement demands of one condition key. */
export interface Condition {
  operator: (typeof operators)[number]
  /** How a key with several values is judged. */
  quantifier: (typeof quantifiers)[number] | undefined
  key: string
  values: readonly string[]
}

/** The conditions of a statement, from `{ operator: { key: value or values } }`. */
export function conditionsFrom(given: Record<string, unknown>): Condition[] {
  return Object.entries(given).flatMap(([name, keys]) => {
    if (typeof keys !== 'object' || keys === null) throw new MalformedPolicy(`${name} must be an object`)
    const { operator, quantifier } = operatorFrom(name)
    return Object.entries(keys as Record<string, unknown>).map(([key, value]) => ({
      operator,
      quantifier,
      key,
      values: valuesFrom(`${name}.${key}`, value),
    }))
  })
}

function operatorFrom(name: string): Pick<Condition, 'operator' | 'quantifier'> {
  const [last = '', first] = name.split(':').reverse()
  const operator = operators.find((known) => known === last)
  const quantifier = quantifiers.find((known) => known === first)
  if (!operator || (first !== undefined && !quantifier))
    throw new MalformedPolicy(
      `the condition operator "${name.slice(0, 64)}" is not evaluated here; known are ${operators.join(', ')}, ` +
        `also after ${quantifiers.map((known) => `${known}:`).join(' and ')}`,
    )
  return { operator, quantifier }
}

function valuesFrom(name: string, given: unknown): string[] {
  const values: unknown[] = Array.isArray(given) ? given : [given]
  return values.map((value) => {
    if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
      return String(value)
    throw new MalformedPolicy(`${name} must be a string or an array of strings`)
  })
}

/**
 * Whether a request meets a condition. A key that the request does not have meets the negated operators and `ForAllValues`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function meetsCondition(
  { operator, quantifier, key, values }: Condition,
  context: RequestContext,
  hasVariables: boolean,
): boolean {
  const actual = context.get(key) ?? []
  const isNegated = operator.startsWith('StringNot')
  const patterns = values.map((text) => policyPattern(text, context, hasVariables))
  const isListed = (value: string) =>
    patterns.some((pattern) => (operator.endsWith('Like') ? pattern?.matches(value) : pattern?.equals(value)))
  const meets = (value: string) => isListed(value) !== isNegated
  if (quantifier === 'ForAllValues') return actual.every(meets)
  if (quantifier === 'ForAnyValue') return actual.some(meets)
  return isNegated ? actual.every(meets) : actual.some(meets)
}
