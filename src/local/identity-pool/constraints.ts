import { ServiceError } from '../service-error.ts'

/** Longer values are left out of messages: they may be tokens in the wrong member. */
const echoAtMost = 128

interface StringRule {
  required?: boolean
  min: number
  max: number
  pattern?: string
}

type Input = Record<string, unknown>

/** `GetId` and `GetCredentialsForIdentity` as the service model restricts them. */
export const stringRules = {
  IdentityPoolId: { required: true, min: 1, max: 55, pattern: '[\\w-]+:[0-9a-f-]+' },
  IdentityId: { required: true, min: 1, max: 55, pattern: '[\\w-]+:[0-9a-f-]+' },
  AccountId: { min: 1, max: 15, pattern: '\\d+' },
  CustomRoleArn: { min: 20, max: 2048 },
} as const satisfies Record<string, StringRule>

const loginRules = { entries: 10, key: 128, value: 50_000 }

/**
 * Reads the named members and `Logins`. Everything that breaks the service model is named in one
 * `ValidationException`; a member of another JSON type is a `SerializationException`.
 */
export function readInput<Name extends keyof typeof stringRules>(
  input: Input,
  names: readonly Name[],
): { strings: Partial<Record<Name, string>>; logins: Record<string, string> } {
  const problems: string[] = []
  const strings: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const value = input[name] ?? undefined
    if (value !== undefined && typeof value !== 'string') throw wrongType('String')
    problems.push(...stringProblems(name, value))
    if (value !== undefined) strings[name] = value
  }
  const logins = readLogins(input['Logins'])
  problems.push(...loginProblems(logins))
  if (problems.length > 0) throw violation(problems)
  return { strings, logins }
}

function stringProblems(name: keyof typeof stringRules, value: string | undefined): string[] {
  const rule: StringRule = stringRules[name]
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  if (value === undefined) {
    return rule.required
      ? [`Value null at '${member}' failed to satisfy constraint: Member must not be null`]
      : []
  }
  const shown = value.length > echoAtMost ? 'Value' : `Value '${value}'`
  const constraints = [
    rule.pattern !== undefined &&
      !new RegExp(`^(?:${rule.pattern})$`).test(value) &&
      `Member must satisfy regular expression pattern: ${rule.pattern}`,
    value.length < rule.min && `Member must have length greater than or equal to ${rule.min}`,
    value.length > rule.max && `Member must have length less than or equal to ${rule.max}`,
  ]
  return constraints
    .filter((constraint) => constraint !== false)
    .map((constraint) => `${shown} at '${member}' failed to satisfy constraint: ${constraint}`)
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

function violation(problems: string[]): ServiceError {
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`
  return new ServiceError('ValidationException', `${count} detected: ${problems.join('; ')}`)
}

function wrongType(expected: string): ServiceError {
  return new ServiceError('SerializationException', `A member of the request is not a ${expected}`)
}
