import { validationError, violationsOf, wrongType, type StringMember } from '../server/constraints.ts'
import { ServiceError } from '../server/service-error.ts'

/** The JSON body of an operation. */
export type Input = Record<string, unknown>

/**
 * The named members, which must be strings as the service model wants them. Everything that breaks it is named in one
 * `InvalidParameterException`; a member of another JSON type is a `SerializationException`.
 */
export function readStrings<const Required extends StringMember, const Optional extends StringMember = never>(
  input: Input,
  required: readonly Required[],
  optional: readonly Optional[] = [],
): Record<Required, string> & Partial<Record<Optional, string>> {
  const values: Partial<Record<StringMember, string>> = {}
  const problems = [...required, ...optional].flatMap((name) => {
    const value = input[name] ?? undefined
    if (value !== undefined) values[name] = stringOf(value)
    return violationsOf(name, values[name], (required as readonly string[]).includes(name))
  })
  if (problems.length > 0) throw validationError('InvalidParameterException', problems)
  return values as Record<Required, string> & Partial<Record<Optional, string>>
}

/** An optional map of strings; empty when absent. A Map, so that no member name can reach a prototype. */
export function stringMap(input: Input, name: string): ReadonlyMap<string, string> {
  const value = input[name] ?? {}
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType('Map')
  return new Map(Object.entries(value).map(([key, entry]) => [key, stringOf(entry)]))
}

/** A required entry of `AuthParameters` or `ChallengeResponses`. */
export function parameter(parameters: ReadonlyMap<string, string>, name: string): string {
  const value = parameters.get(name)
  if (value === undefined)
    throw new ServiceError('InvalidParameterException', `Missing required parameter ${name}`)
  return value
}

/** `USERNAME`, which is restricted like the member `Username` of other operations. */
export function usernameParameter(parameters: ReadonlyMap<string, string>): string {
  const username = parameter(parameters, 'USERNAME')
  const problems = violationsOf('Username', username, true)
  if (problems.length > 0) throw validationError('InvalidParameterException', problems)
  return username
}

function stringOf(value: unknown): string {
  if (typeof value !== 'string') throw wrongType('String')
  return value
}
