import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AdminAddUserToGroupCommand,
  AdminDisableUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  ListGroupsCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  UpdateGroupCommand,
  paginateListUsers,
  type GroupType,
} from '@aws-sdk/client-cognito-identity-provider'
import { claimsOf } from '../../domain.ts'
import { ana, invalid, refused, stage, type Stage } from '../stage.ts'

const password = 'Passw0rd!'
const roleArn = 'arn:aws:iam::123456789012:role/admin'

const poolOf = ({ local }: Stage) => ({ UserPoolId: local.userPool.userPoolId })
const groupOf = (on: Stage, GroupName = 'admin') => ({ ...poolOf(on), GroupName })
const memberOf = (on: Stage, GroupName = 'admin', Username = 'ana') => ({
  ...groupOf(on, GroupName),
  Username,
})

function withoutDates({ CreationDate, LastModifiedDate, ...group }: GroupType = {}) {
  assert.equal(CreationDate instanceof Date && LastModifiedDate instanceof Date, true, 'both dates are there')
  return group
}

async function groupsClaim(on: Stage): Promise<unknown> {
  const { AuthenticationResult } = await on.initiate('USER_PASSWORD_AUTH', {
    USERNAME: 'ana',
    PASSWORD: ana.password,
  })
  return claimsOf(AuthenticationResult?.IdToken ?? '')['cognito:groups']
}

test('a group is made, read, changed and deleted', async (t) => {
  const on = await stage(t)
  const wanted = { ...groupOf(on), Description: 'May do all', Precedence: 1, RoleArn: roleArn }
  assert.deepEqual(withoutDates((await on.sdk.send(new CreateGroupCommand(wanted))).Group), wanted)
  assert.deepEqual(withoutDates((await on.sdk.send(new GetGroupCommand(groupOf(on)))).Group), wanted)
  await refused(
    on.sdk.send(new CreateGroupCommand(wanted)),
    'GroupExistsException',
    'A group with the name admin already exists.',
  )
  const changed = await on.sdk.send(new UpdateGroupCommand({ ...groupOf(on), Precedence: 0 }))
  assert.deepEqual(withoutDates(changed.Group), { ...wanted, Precedence: 0 })
  await on.sdk.send(new DeleteGroupCommand(groupOf(on)))
  const gone = 'Group not found.'
  await refused(on.sdk.send(new GetGroupCommand(groupOf(on))), 'ResourceNotFoundException', gone)
  await refused(on.sdk.send(new DeleteGroupCommand(groupOf(on))), 'ResourceNotFoundException', gone)
})

test('the next tokens of a member say so, and no longer once the member has left', async (t) => {
  const on = await stage(t)
  await on.sdk.send(new CreateGroupCommand(groupOf(on)))
  await on.sdk.send(new AdminAddUserToGroupCommand(memberOf(on)))
  await on.sdk.send(new AdminAddUserToGroupCommand(memberOf(on)))
  assert.deepEqual(await groupsClaim(on), ['admin'])
  const { Groups = [] } = await on.sdk.send(
    new AdminListGroupsForUserCommand({ ...poolOf(on), Username: 'ana' }),
  )
  assert.deepEqual(Groups.map(withoutDates), [groupOf(on)])
  const { Users = [] } = await on.sdk.send(new ListUsersInGroupCommand(groupOf(on)))
  assert.deepEqual(
    Users.map(({ Username, UserStatus }) => [Username, UserStatus]),
    [['ana', 'CONFIRMED']],
  )
  await on.sdk.send(new AdminRemoveUserFromGroupCommand(memberOf(on)))
  assert.equal(await groupsClaim(on), undefined)
})

test('a deleted group has no members when it is made again', async (t) => {
  const on = await stage(t, { users: [{ ...ana, groups: ['admin'] }] })
  await on.sdk.send(new DeleteGroupCommand(groupOf(on)))
  await on.sdk.send(new CreateGroupCommand(groupOf(on)))
  assert.equal(await groupsClaim(on), undefined)
})

test('neither unknown groups nor unknown users are members of anything', async (t) => {
  const on = await stage(t, { groups: [{ name: 'admin' }] })
  await refused(
    on.sdk.send(new AdminAddUserToGroupCommand(memberOf(on, 'other'))),
    'ResourceNotFoundException',
    'Group not found.',
  )
  await refused(
    on.sdk.send(new AdminAddUserToGroupCommand(memberOf(on, 'admin', 'nobody'))),
    'UserNotFoundException',
    'User does not exist.',
  )
})

test('groups are listed in pages', async (t) => {
  const on = await stage(t, { groups: ['a', 'b', 'c'].map((name) => ({ name })) })
  const first = await on.sdk.send(new ListGroupsCommand({ ...poolOf(on), Limit: 2 }))
  const second = await on.sdk.send(
    new ListGroupsCommand({ ...poolOf(on), Limit: 2, NextToken: first.NextToken }),
  )
  const names = [...(first.Groups ?? []), ...(second.Groups ?? [])].map(({ GroupName }) => GroupName)
  assert.deepEqual([names, second.NextToken], [['a', 'b', 'c'], undefined])
  await refused(
    on.sdk.send(new ListGroupsCommand({ ...poolOf(on), NextToken: 'made-up' })),
    invalid,
    'Invalid pagination token.',
  )
})

const people = [
  { ...ana, attributes: { given_name: 'Ana', family_name: 'Lima', name: 'Ana "the" Lima' } },
  { username: 'bo', password, email: 'bo@example.org', status: 'UNCONFIRMED' as const },
  { username: 'anton', password, attributes: { 'custom:plan': 'gold' } },
]

const listed = async (on: Stage, Filter?: string) => {
  const { Users = [] } = await on.sdk.send(new ListUsersCommand({ ...poolOf(on), Filter }))
  return Users.map(({ Username }) => Username)
}

const filters: [string | undefined, string[]][] = [
  [undefined, ['ana', 'bo', 'anton']],
  ['', ['ana', 'bo', 'anton']],
  ['username = "ana"', ['ana']],
  ['username="an"', []],
  ['username ^= "an"', ['ana', 'anton']],
  ['username = "ANA"', []],
  ['email = "bo@example.org"', ['bo']],
  ['email ^= "ana@"', ['ana']],
  ['phone_number ^= "+44"', ['ana']],
  ['family_name = "Lima"', ['ana']],
  ['name = "Ana \\"the\\" Lima"', ['ana']],
  ['cognito:user_status = "unconfirmed"', ['bo']],
  ['status = "Enabled"', ['ana', 'bo', 'anton']],
  ['status = "Disabled"', []],
]
for (const [filter, names] of filters) {
  test(`ListUsers with the filter ${filter ?? '(none)'} finds ${names.join(', ') || 'nobody'}`, async (t) => {
    const on = await stage(t, { users: people })
    assert.deepEqual(await listed(on, filter), names)
  })
}

test('disabled users are found as such, and everybody by the sub', async (t) => {
  const on = await stage(t, { users: people })
  await on.sdk.send(new AdminDisableUserCommand({ ...poolOf(on), Username: 'bo' }))
  assert.deepEqual(await listed(on, 'status = "Disabled"'), ['bo'])
  const { Users = [] } = await on.sdk.send(new ListUsersCommand(poolOf(on)))
  const sub = Users[2]?.Attributes?.find(({ Name }) => Name === 'sub')?.Value
  assert.deepEqual(await listed(on, `sub = "${sub}"`), ['anton'])
})

for (const [filter, message] of [
  ['custom:plan = "gold"', 'Invalid search attribute: custom:plan'],
  ['email like "x"', 'Error while parsing filter'],
  ['email = x', 'Error while parsing filter'],
  ['email = "x" and name = "y"', 'Error while parsing filter'],
] as const) {
  test(`ListUsers with the filter ${filter} is refused`, async (t) => {
    const on = await stage(t)
    await refused(listed(on, filter), invalid, message)
  })
}

test('users are listed in pages, with the attributes that are asked for', async (t) => {
  const on = await stage(t, { users: people })
  const seen: unknown[] = []
  const pages = paginateListUsers(
    { client: on.sdk, pageSize: 2 },
    { ...poolOf(on), AttributesToGet: ['email', 'custom:plan'] },
  )
  for await (const { Users = [] } of pages) {
    seen.push(Users.map(({ Username, Attributes = [] }) => [Username, Attributes.map(({ Value }) => Value)]))
  }
  assert.deepEqual(seen, [
    [
      ['ana', ['ana@example.com']],
      ['bo', ['bo@example.org']],
    ],
    [['anton', ['gold']]],
  ])
  await refused(
    on.sdk.send(new ListUsersCommand({ ...poolOf(on), Limit: 61 })),
    invalid,
    "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60",
  )
})
