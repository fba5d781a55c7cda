import { StsError } from './sts-error.ts'

/** How the service model restricts a parameter. */
interface ParameterRule {
  min: number
  max: number
  pattern?: RegExp
  required?: boolean
  /** The value is never shown. */
  sensitive?: boolean
}

/** The parameters of `AssumeRoleWithWebIdentity`. */
const rules = {
  RoleArn: {
    min: 20,
    max: 2048,
    pattern: /^[\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd]+$/,
    required: true,
  },
  RoleSessionName: { min: 2, max: 64, pattern: /^[\w+=,.@-]*$/, required: true },
  WebIdentityToken: { min: 4, max: 20_000, required: true, sensitive: true },
  ProviderId: { min: 4, max: 2048 },
  Policy: { min: 1, max: 2048 },
  DurationSeconds: { min: 1, max: 20, pattern: /^-?\d+$/ },
} as const satisfies Record<string, ParameterRule>

export type AssumeRoleParameters = Partial<Record<keyof typeof rules, string>> & {
  RoleArn: string
  RoleSessionName: string
  WebIdentityToken: string
}

/** Reads and checks them; throws one `ValidationError` for all that is wrong. */
export function assumeRoleParameters(form: URLSearchParams): AssumeRoleParameters {
  const problems: string[] = []
  const read = Object.entries<ParameterRule>(rules).flatMap(([name, rule]) => {
    const value = form.get(name) ?? undefined
    problems.push(...violations(name, value, rule))
    return value === undefined ? [] : [[name, value] as const]
  })
  if (problems.length > 0) {
    const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`
    throw new StsError('ValidationError', `${count} detected: ${problems.join('; ')}`)
  }
  return Object.fromEntries(read) as AssumeRoleParameters
}

function violations(name: string, value: string | undefined, rule: ParameterRule): string[] {
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  const fail = (shown: string, constraint: string) =>
    `Value${shown} at '${member}' failed to satisfy constraint: ${constraint}`
  if (value === undefined) return rule.required ? [fail(' null', 'Member must not be null')] : []
  const shown = rule.sensitive || value.length > 128 ? '' : ` '${value}'`
  const problems = [
    value.length < rule.min && `Member must have length greater than or equal to ${rule.min}`,
    value.length > rule.max && `Member must have length less than or equal to ${rule.max}`,
    rule.pattern &&
      !rule.pattern.test(value) &&
      `Member must satisfy regular expression pattern: ${rule.pattern.source.replace(/^\^|\$$/g, '')}`,
  ]
  return problems.filter((problem) => typeof problem === 'string').map((problem) => fail(shown, problem))
}
