import { ownUsers } from '../user-pool/identity-providers.ts'
import type { Client } from '../user-pool/client.ts'
import type { Group } from '../user-pool/groups.ts'
import type { Settings } from '../user-pool/settings.ts'
import type { User } from '../user-pool/user.ts'
import { clientFrom, type LocalClient } from './client-options.ts'
import { groupsFrom, type LocalGroup } from './group-options.ts'
import * as check from './option-checks.ts'
import { userFrom, type LocalPasswordlessUser, type LocalUser } from './user-options.ts'
import { settingsFrom, type LocalUserPool } from './user-pool-options.ts'

/** A user pool, with who and what is in it. */
export interface LocalPool {
  /** Default `us-east-1_Local0001`, then `…0002`; the Region follows from the first one, and is that of all. */
  userPoolId?: string | undefined
  /** What `iss` says. Default `${url}/${userPoolId}`; may be the issuer of a pool on Amazon. */
  issuer?: string | undefined
  /** What holds for the whole user pool: sign-in names, MFA, devices, policies, triggers. */
  userPool?: LocalUserPool | undefined
  users?: (LocalUser | LocalPasswordlessUser)[] | undefined
  groups?: LocalGroup[] | undefined
  /** The first one is the default client. Without any, one public client is made. */
  clients?: LocalClient[] | undefined
}

/** A user pool as the options describe it, with every default filled in. */
export interface ResolvedPool {
  userPoolId: string
  region: string
  name: string
  issuer: string | undefined
  settings: Settings
  users: User[]
  groups: Map<string, Group>
  /** The first one is the default client. */
  clients: [Client, ...Client[]]
}

export const poolMembers: (keyof LocalPool)[] = [
  'userPoolId',
  'issuer',
  'userPool',
  'users',
  'groups',
  'clients',
]

/** Checks what describes one pool. `prefix` stands before the names of the options in messages. */
export function poolFrom(
  prefix: string,
  options: Record<string, unknown>,
  { userPoolId, nowMs }: { userPoolId: string; nowMs: number },
): ResolvedPool {
  const pool = poolIds(`${prefix}userPoolId`, options['userPoolId'] ?? userPoolId)
  const settings = settingsFrom(`${prefix}userPool`, options['userPool'])
  const users = check
    .checkArray(`${prefix}users`, options['users'])
    .map((user, index) => userFrom(`${prefix}users[${index}]`, user, { ...pool, settings, nowMs }))
  for (const name of ['username', 'sub'] as const) {
    check.checkUnique(
      `${prefix}users[].${name}`,
      users.map((user) => user[name]),
    )
  }
  return {
    ...pool,
    issuer: issuer(`${prefix}issuer`, options['issuer']),
    settings,
    users,
    groups: groupsFrom(`${prefix}groups`, options['groups'], users, nowMs),
    clients: clients(`${prefix}clients`, options['clients'], settings),
  }
}

function poolIds(option: string, value: unknown) {
  const userPoolId = check.checkString(
    option,
    value,
    // Stricter than the API's own pattern: JWT libraries take the Region from it and refuse anything else.
    /^[a-z]{2,4}(-[a-z]+)+-\d_[0-9A-Za-z]{1,40}$/,
    'a user pool id such as us-east-1_Local0001',
  )
  const [region = '', name = ''] = userPoolId.split('_')
  return { userPoolId, region, name }
}

function issuer(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  const shape = 'an absolute http or https URL without a trailing slash'
  return check.checkString(option, value, /^https?:\/\/[^\s?#]*[^\s?#/]$/, shape)
}

function clients(option: string, value: unknown, settings: Settings): [Client, ...Client[]] {
  const [first = clientFrom(`${option}[0]`, {}), ...others] = check
    .checkArray(option, value)
    .map((client, index) => clientFrom(`${option}[${index}]`, client))
  check.checkUnique(
    `${option}[].clientId`,
    [first, ...others].map((client) => client.clientId),
  )
  for (const [index, { supportedIdentityProviders = [] }] of [first, ...others].entries()) {
    const known = [ownUsers, ...settings.identityProviders.keys()]
    const member = `${option}[${index}].supportedIdentityProviders`
    for (const name of supportedIdentityProviders) check.checkOneOf(member, name, known)
  }
  return [first, ...others]
}
