import type { Group } from '../user-pool/groups.ts'
import type { User } from '../user-pool/user.ts'
import * as check from './option-checks.ts'

/** A group that needs more than a name. Groups that users name exist without an entry here. */
export interface LocalGroup {
  name: string
  description?: string | undefined
  precedence?: number | undefined
  roleArn?: string | undefined
}

/** All groups: the described ones, which messages call `option`, and those that only appear in users. */
export function groupsFrom(
  option: string,
  given: unknown,
  users: readonly User[],
  nowMs: number,
): Map<string, Group> {
  const described = check
    .checkArray(option, given)
    .map((entry, index) => groupFrom(`${option}[${index}]`, entry, nowMs))
  check.checkUnique(
    `${option}[].name`,
    described.map((group) => group.name),
  )
  const implied = users.flatMap((user) =>
    user.groups.map((name) => groupFrom('users[].groups', { name }, nowMs)),
  )
  return new Map([...implied, ...described].map((group) => [group.name, group]))
}

function groupFrom(option: string, given: unknown, nowMs: number): Group {
  const group = check.checkObject(option, given, ['name', 'description', 'precedence', 'roleArn'])
  const { description, precedence, roleArn } = group
  const now = nowMs / 1000
  return {
    name: check.checkString(`${option}.name`, group['name'], check.namePattern, check.nameShape),
    description:
      description === undefined
        ? undefined
        : check.checkString(`${option}.description`, description, /^[^]{0,2048}$/, 'at most 2048 characters'),
    precedence:
      precedence === undefined
        ? undefined
        : check.checkInteger(`${option}.precedence`, precedence, { min: 0, max: 2 ** 31 - 1 }),
    roleArn:
      roleArn === undefined
        ? undefined
        : check.checkString(`${option}.roleArn`, roleArn, /^arn:[\w-]+:iam::\d{12}:role\/\S+$/, 'a role ARN'),
    createdAt: now,
    modifiedAt: now,
  }
}
