import { ServiceError } from '../../server/service-error.ts'
import { integer, optional, string } from '../../server/members.ts'
import type { Group } from '../../user-pool/groups.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { page } from '../page.ts'
import { checkPoolId } from '../pool-id.ts'

const poolAndGroup = { UserPoolId: model.userPoolId, GroupName: model.groupName }

const describedGroup = {
  ...poolAndGroup,
  Description: optional(model.description),
  RoleArn: optional(
    string({
      min: 20,
      max: 2048,
      pattern:
        'arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?',
    }),
  ),
  Precedence: optional(integer({ min: 0, max: 2 ** 31 - 1 })),
}

/** CreateGroup */
export function createGroup(pool: UserPool, input: Input): object {
  const given = readInput(input, describedGroup)
  checkPoolId(pool, given.UserPoolId)
  const { GroupName: name } = given
  if (pool.groups.has(name)) {
    throw new ServiceError('GroupExistsException', `A group with the name ${name} already exists.`)
  }
  const now = pool.clock.now() / 1000
  const group: Group = {
    name,
    description: given.Description,
    precedence: given.Precedence,
    roleArn: given.RoleArn,
    createdAt: now,
    modifiedAt: now,
  }
  pool.groups.set(name, group)
  return { Group: groupOutput(pool, group) }
}

/** UpdateGroup: what is not given stays as it is. */
export function updateGroup(pool: UserPool, input: Input): object {
  const given = readInput(input, describedGroup)
  const group = groupOf(pool, given)
  group.description = given.Description ?? group.description
  group.precedence = given.Precedence ?? group.precedence
  group.roleArn = given.RoleArn ?? group.roleArn
  group.modifiedAt = pool.clock.now() / 1000
  return { Group: groupOutput(pool, group) }
}

/** GetGroup */
export function getGroup(pool: UserPool, input: Input): object {
  return { Group: groupOutput(pool, groupOf(pool, readInput(input, poolAndGroup))) }
}

/** DeleteGroup: its members are in it no longer. */
export function deleteGroup(pool: UserPool, input: Input): object {
  const { name } = groupOf(pool, readInput(input, poolAndGroup))
  pool.groups.delete(name)
  for (const user of pool.users.all()) user.groups = user.groups.filter((group) => group !== name)
  return {}
}

/** ListGroups */
export function listGroups(pool: UserPool, input: Input): object {
  const { UserPoolId, Limit, NextToken } = readInput(input, {
    UserPoolId: model.userPoolId,
    Limit: optional(model.limit),
    NextToken: optional(model.nextToken),
  })
  checkPoolId(pool, UserPoolId)
  const { entries, next } = page([...pool.groups.values()], Limit, NextToken)
  return { Groups: entries.map((group) => groupOutput(pool, group)), NextToken: next }
}

/** The group of an operation, or `ResourceNotFoundException`. */
export function groupOf(
  pool: UserPool,
  { UserPoolId, GroupName }: { UserPoolId: string; GroupName: string },
): Group {
  checkPoolId(pool, UserPoolId)
  const group = pool.groups.get(GroupName)
  if (group) return group
  throw new ServiceError('ResourceNotFoundException', 'Group not found.')
}

export function groupOutput(pool: UserPool, group: Group): object {
  return {
    GroupName: group.name,
    UserPoolId: pool.userPoolId,
    Description: group.description,
    RoleArn: group.roleArn,
    Precedence: group.precedence,
    LastModifiedDate: group.modifiedAt,
    CreationDate: group.createdAt,
  }
}
