import { isAttributeName, isAttributeValue } from '../user-pool/attributes.ts'
import type { Group } from '../user-pool/groups.ts'
import * as check from './option-checks.ts'
import { subOf, type User } from '../user-pool/user.ts'

/** A user as the caller describes it. */
export interface LocalUser {
  username: string
  password: string
  /** Sets the attributes `email` and `email_verified`. */
  email?: string | undefined
  /** Other attributes: standard ones of Cognito and `custom:…`. Values are strings, as in Cognito. */
  attributes?: Record<string, string> | undefined
  groups?: string[] | undefined
  /** `FORCE_CHANGE_PASSWORD`: the first sign-in asks for a new password. Default `CONFIRMED`. */
  status?: 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | undefined
  /** Default true. */
  enabled?: boolean | undefined
  /** Default: made from the pool id and the username, so it stays the same over restarts. */
  sub?: string | undefined
}

/** A group that needs more than a name. Groups that users name exist without an entry here. */
export interface LocalGroup {
  name: string
  precedence?: number | undefined
  roleArn?: string | undefined
}

const name = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u
const nameShape = '1 to 128 characters without spaces'

/** Checks one entry of `users`; `option` is its name in messages. */
export function userFrom(option: string, given: unknown, userPoolId: string): User {
  const user = check.checkObject(option, given, [
    'username',
    'password',
    'email',
    'attributes',
    'groups',
    'status',
    'enabled',
    'sub',
  ])
  const username = check.checkString(`${option}.username`, user['username'], name, nameShape)
  const sub = check.checkString(
    `${option}.sub`,
    user['sub'] ?? subOf(userPoolId, username),
    /^\S{1,128}$/,
    nameShape,
  )
  return {
    username,
    sub,
    password: check.checkString(
      `${option}.password`,
      user['password'],
      /^\S{1,256}$/,
      '1 to 256 characters without spaces',
    ),
    attributes: attributesFrom(option, user, sub),
    groups: check
      .checkArray(`${option}.groups`, user['groups'])
      .map((group, index) => check.checkString(`${option}.groups[${index}]`, group, name, nameShape)),
    status: check.checkOneOf(`${option}.status`, user['status'] ?? 'CONFIRMED', [
      'CONFIRMED',
      'FORCE_CHANGE_PASSWORD',
    ]),
    enabled: check.checkBoolean(`${option}.enabled`, user['enabled'], true),
  }
}

function attributesFrom(option: string, user: Record<string, unknown>, sub: string): Map<string, string> {
  const attributes = new Map([['sub', sub]])
  if (user['email'] !== undefined) {
    const email = check.checkString(
      `${option}.email`,
      user['email'],
      /^[^\s@]+@[^\s@]+$/,
      'an e-mail address',
    )
    attributes.set('email', email).set('email_verified', 'true')
  }
  const given = user['attributes'] ?? {}
  const others = check.checkObject(`${option}.attributes`, given, Object.keys(given))
  for (const [attribute, value] of Object.entries(others)) {
    const entry = `${option}.attributes.${attribute}`
    if (!isAttributeName(attribute)) check.refuse(entry, 'a standard attribute of Cognito or custom:…')
    const text = check.checkString(entry, value, /^[^]*$/, 'a string')
    if (!isAttributeValue(text)) check.refuse(entry, 'at most 2048 characters')
    attributes.set(attribute, text)
  }
  return attributes
}

/** All groups: the described ones and those that only appear in users. */
export function groupsFrom(given: unknown, users: readonly User[]): Map<string, Group> {
  const described = check
    .checkArray('groups', given)
    .map((entry, index) => groupFrom(`groups[${index}]`, entry))
  check.checkUnique(
    'groups[].name',
    described.map((group) => group.name),
  )
  const implied = users.flatMap((user) =>
    user.groups.map((group) => ({ name: group, precedence: undefined, roleArn: undefined })),
  )
  return new Map([...implied, ...described].map((group) => [group.name, group]))
}

function groupFrom(option: string, given: unknown): Group {
  const group = check.checkObject(option, given, ['name', 'precedence', 'roleArn'])
  const { precedence, roleArn } = group
  return {
    name: check.checkString(`${option}.name`, group['name'], name, nameShape),
    precedence:
      precedence === undefined
        ? undefined
        : check.checkInteger(`${option}.precedence`, precedence, { min: 0, max: 2 ** 31 - 1 }),
    roleArn:
      roleArn === undefined
        ? undefined
        : check.checkString(`${option}.roleArn`, roleArn, /^arn:[\w-]+:iam::\d{12}:role\/\S+$/, 'a role ARN'),
  }
}
