import { ServiceError } from '../service-error.ts'

/** The JSON body of an operation. */
export type Input = Record<string, unknown>

/**
 * The named members, which must be strings. Missing ones: `InvalidParameterException` in the words of the model's constraints,
 * all of them in one message.
 */
export function requiredStrings<const Names extends string>(
  input: Input,
  names: readonly Names[],
): Record<Names, string> {
  const missing = names
    .filter((name) => input[name] === undefined || input[name] === null)
    .map((name) => `Value at '${lowerCamel(name)}' failed to satisfy constraint: Member must not be null`)
  if (missing.length > 0) throw constraintError(missing)
  return Object.fromEntries(names.map((name) => [name, stringOf(input[name])])) as Record<Names, string>
}

/** An optional string member. */
export function optionalString(input: Input, name: string): string | undefined {
  const value = input[name]
  return value === undefined || value === null ? undefined : stringOf(value)
}

/** An optional map of strings; empty when absent. A Map, so that no member name can reach a prototype. */
export function stringMap(input: Input, name: string): ReadonlyMap<string, string> {
  const value = input[name] ?? {}
  if (typeof value !== 'object' || Array.isArray(value)) throw serializationError()
  return new Map(Object.entries(value).map(([key, entry]) => [key, stringOf(entry)]))
}

/** A required entry of `AuthParameters` or `ChallengeResponses`. */
export function parameter(parameters: ReadonlyMap<string, string>, name: string): string {
  const value = parameters.get(name)
  if (value === undefined)
    throw new ServiceError('InvalidParameterException', `Missing required parameter ${name}`)
  return value
}

export function constraintError(problems: readonly string[]): ServiceError {
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`
  return new ServiceError('InvalidParameterException', `${count} detected: ${problems.join('; ')}`)
}

/** A value outside the model's list. */
export function enumError(name: string, value: string, allowed: readonly string[]): ServiceError {
  const constraint = `Member must satisfy enum value set: [${allowed.join(', ')}]`
  return constraintError([
    `Value '${value}' at '${lowerCamel(name)}' failed to satisfy constraint: ${constraint}`,
  ])
}

function stringOf(value: unknown): string {
  if (typeof value !== 'string') throw serializationError()
  return value
}

function serializationError(): ServiceError {
  return new ServiceError('SerializationException', 'A member of the request has the wrong type.')
}

function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
