import { validationError, violationsOf, wrongType, type StringMember } from '../server/constraints.ts'
import type { Parameters } from '../sign-in/request.ts'

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

/**
 * An optional map of strings; empty when absent. Entries of null count as absent: clients send them. A Map, so that no member
 * name can reach a prototype.
 */
export function stringMap(input: Input, name: string): Parameters {
  const value = input[name] ?? {}
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType('Map')
  return new Map(
    Object.entries(value)
      .filter(([, entry]) => entry !== null)
      .map(([key, entry]) => [key, stringOf(entry)]),
  )
}

/** `ClientMetadata`: passed on to the triggers. */
export function clientMetadata(input: Input): Record<string, string> | undefined {
  return input['ClientMetadata'] === undefined
    ? undefined
    : Object.fromEntries(stringMap(input, 'ClientMetadata'))
}

/** An optional object member. */
export function structure(input: Input, name: string): Input | undefined {
  const value = input[name] ?? undefined
  if (value === undefined) return undefined
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType('Structure')
  return value as Input
}

/** An optional whole number within the limits of the model. */
export function integer(
  input: Input,
  name: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  const value = input[name] ?? undefined
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType('Integer')
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  const problem = (constraint: string) =>
    validationError('InvalidParameterException', [
      `Value '${value}' at '${member}' failed to satisfy constraint: Member must have value ${constraint}`,
    ])
  if (value < min) throw problem(`greater than or equal to ${min}`)
  if (value > max) throw problem(`less than or equal to ${max}`)
  return value
}

/** An optional boolean member; false when absent. */
export function flag(input: Input, name: string): boolean {
  const value = input[name] ?? false
  if (typeof value !== 'boolean') throw wrongType('Boolean')
  return value
}

function stringOf(value: unknown): string {
  if (typeof value !== 'string') throw wrongType('String')
  return value
}
