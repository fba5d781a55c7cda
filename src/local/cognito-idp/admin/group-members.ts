import { optional } from '../../server/members.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { namedUser } from '../named-user.ts'
import { page } from '../page.ts'
import { groupOf, groupOutput } from './groups.ts'
import { userOutput } from './user-output.ts'

const userAndGroup = { ...model.poolAndUser, GroupName: model.groupName }

/** AdminAddUserToGroup: also when the user is in it already. The next tokens say so. */
export function adminAddUserToGroup(pool: UserPool, input: Input): object {
  const given = readInput(input, userAndGroup)
  const user = namedUser(pool, input)
  const { name } = groupOf(pool, given)
  if (!user.groups.includes(name)) user.groups = [...user.groups, name]
  return {}
}

/** AdminRemoveUserFromGroup */
export function adminRemoveUserFromGroup(pool: UserPool, input: Input): object {
  const given = readInput(input, userAndGroup)
  const user = namedUser(pool, input)
  const { name } = groupOf(pool, given)
  user.groups = user.groups.filter((group) => group !== name)
  return {}
}

/** AdminListGroupsForUser */
export function adminListGroupsForUser(pool: UserPool, input: Input): object {
  const { Limit, NextToken } = readInput(input, {
    ...model.poolAndUser,
    Limit: optional(model.limit),
    NextToken: optional(model.nextToken),
  })
  const names = namedUser(pool, input).groups
  const groups = names.map((name) => pool.groups.get(name)).filter((group) => group !== undefined)
  const { entries, next } = page(groups, Limit, NextToken)
  return { Groups: entries.map((group) => groupOutput(pool, group)), NextToken: next }
}

/** ListUsersInGroup */
export function listUsersInGroup(pool: UserPool, input: Input): object {
  const given = readInput(input, {
    UserPoolId: model.userPoolId,
    GroupName: model.groupName,
    Limit: optional(model.limit),
    NextToken: optional(model.nextToken),
  })
  const { name } = groupOf(pool, given)
  const members = pool.users.all().filter((user) => user.groups.includes(name))
  const { entries, next } = page(members, given.Limit, given.NextToken)
  return { Users: entries.map((user) => userOutput(user)), NextToken: next }
}
