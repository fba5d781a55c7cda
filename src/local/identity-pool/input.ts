import { validationError, violationsOf, wrongType, type StringMember } from '../server/constraints.ts'

type Input = Record<string, unknown>

const loginRules = { entries: 10, key: 128, value: 50_000 }

/**
 * Reads one required member, one optional one and `Logins`. Everything that breaks the service model is named in one
 * `ValidationException`; a member of another JSON type is a `SerializationException`.
 */
export function readInput(
  input: Input,
  names: { required: StringMember; optional: StringMember },
): { required: string; optional: string | undefined; logins: Record<string, string> } {
  const [required, optional] = [stringOf(input[names.required]), stringOf(input[names.optional])]
  const logins = readLogins(input['Logins'])
  const problems = [
    ...violationsOf(names.required, required, true),
    ...violationsOf(names.optional, optional, false),
    ...loginProblems(logins),
  ]
  if (required === undefined || problems.length > 0) throw validationError('ValidationException', problems)
  return { required, optional, logins }
}

function stringOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw wrongType('String')
  return value
}

function readLogins(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType('Map')
  for (const token of Object.values(value)) if (typeof token !== 'string') throw wrongType('String')
  return value as Record<string, string>
}

/** Never shows a value of `Logins`: they are tokens. */
function loginProblems(logins: Record<string, string>): string[] {
  const entries = Object.entries(logins)
  const lengthOf = (length: number, max: number) => length >= 1 && length <= max
  const rule = (which: string, max: number) =>
    `Value at 'logins' failed to satisfy constraint: Map ${which} must satisfy constraint: ` +
    `[Member must have length less than or equal to ${max}, Member must have length greater than or equal to 1]`
  const problems: string[] = []
  if (entries.length > loginRules.entries) {
    problems.push(
      `Value at 'logins' failed to satisfy constraint: Member must have length less than or equal to ${loginRules.entries}`,
    )
  }
  if (!entries.every(([key]) => lengthOf(key.length, loginRules.key)))
    problems.push(rule('keys', loginRules.key))
  if (!entries.every(([, token]) => lengthOf(token.length, loginRules.value)))
    problems.push(rule('value', loginRules.value))
  return problems
}
