import { accessKeysFrom } from '../aws/access-key-options.ts'
import type { AccessKey } from '../aws/developer.ts'
import { rolesFrom, type LocalRole } from '../aws/iam/role-options.ts'
import type { DescribedRole } from '../aws/iam/role.ts'
import type { Client } from '../user-pool/client.ts'
import { clientFrom, type LocalClient } from './client-options.ts'
import { ConfigurationError } from './configuration-error.ts'
import * as check from './option-checks.ts'
import type { Group } from '../user-pool/groups.ts'
import {
  identityPoolFrom,
  type LocalIdentityPoolOptions,
  type ResolvedIdentityPool,
} from '../identity-pool/options.ts'
import { userPoolProviderName } from '../lib/partition.ts'
import type { User } from '../user-pool/user.ts'
import { ownUsers } from '../user-pool/identity-providers.ts'
import type { Settings } from '../user-pool/settings.ts'
import { groupsFrom, type LocalGroup } from './group-options.ts'
import { userFrom, type LocalPasswordlessUser, type LocalUser } from './user-options.ts'
import { settingsFrom, type LocalUserPool } from './user-pool-options.ts'

/** What `startLocalCognito` takes. Everything has a default; wrong or unknown options are refused by name. */
export interface LocalCognitoOptions {
  /** Default 0: any free port. */
  port?: number | undefined
  /** `127.0.0.1` (default) or `::1`. Any other address needs `dangerouslyExpose`. */
  host?: string | undefined
  /** Listens on other addresses and takes any `Host` header: everyone who reaches the port can sign in as anyone. */
  dangerouslyExpose?: boolean | undefined
  /** Default `us-east-1_Local0001`; the Region follows from it. */
  userPoolId?: string | undefined
  identityPoolId?: string | undefined
  /** What `iss` says. Default `${url}/${userPoolId}`; may be the issuer of a pool on Amazon. */
  issuer?: string | undefined
  /** What holds for the whole user pool: sign-in names, MFA, devices, policies, triggers. */
  userPool?: LocalUserPool | undefined
  users?: (LocalUser | LocalPasswordlessUser)[] | undefined
  groups?: LocalGroup[] | undefined
  /** The first one is the default client. Without any, one public client is made. */
  clients?: LocalClient[] | undefined
  /** Whether the identity pool gives credentials to guests. Default false. */
  allowUnauthenticatedIdentities?: boolean | undefined
  /** Everything else about the identity pool; the two options above may also stand here. */
  identityPool?: LocalIdentityPoolOptions | undefined
  /** The IAM roles of the account, with their policies. Default: every role exists, with the usual policies. */
  iamRoles?: LocalRole[] | undefined
  /** Who may use the signed operations. Default: one documented key, `awsCredentials` of the handle. */
  accessKeys?: { accessKeyId: string; secretAccessKey: string }[] | undefined
  /** The name of the S3 bucket. Default `files`. */
  bucket?: string | undefined
  /** A file that keeps users, sign-ins, objects and keys over restarts. Default: nothing is written. */
  persist?: string | undefined
  /** For snapshots: the same ids, codes and tokens' ids at every start, and a clock that stands still. Default: none of it. */
  seed?: string | undefined
}

/** The options checked, with every default filled in. */
export interface ResolvedOptions {
  port: number
  host: string
  dangerouslyExpose: boolean
  userPoolId: string
  region: string
  issuer: string | undefined
  settings: Settings
  users: User[]
  groups: Map<string, Group>
  /** The first one is the default client. */
  clients: [Client, ...Client[]]
  identityPool: ResolvedIdentityPool
  iamRoles: DescribedRole[] | undefined
  accessKeys: [AccessKey, ...AccessKey[]]
  bucket: string
  persist: string | undefined
  seed: string | undefined
}

const known: (keyof LocalCognitoOptions)[] = [
  'port',
  'host',
  'dangerouslyExpose',
  'userPoolId',
  'identityPoolId',
  'issuer',
  'userPool',
  'users',
  'groups',
  'clients',
  'allowUnauthenticatedIdentities',
  'identityPool',
  'iamRoles',
  'accessKeys',
  'bucket',
  'persist',
  'seed',
]

/** Throws {@link ConfigurationError} when an option is wrong, and in production. */
export function resolveOptions(given: unknown = {}, nowMs = Date.now()): ResolvedOptions {
  const options = check.checkObject('options', given, known)
  const pool = poolIds(options)
  const settings = settingsFrom(options['userPool'])
  const users = check
    .checkArray('users', options['users'])
    .map((user, index) => userFrom(`users[${index}]`, user, { ...pool, settings, nowMs }))
  check.checkUnique(
    'users[].username',
    users.map((user) => user.username),
  )
  check.checkUnique(
    'users[].sub',
    users.map((user) => user.sub),
  )
  return {
    ...pool,
    ...address(options),
    issuer: issuer(options['issuer']),
    settings,
    users,
    groups: groupsFrom(options['groups'], users, nowMs),
    clients: clients(options['clients'], settings),
    identityPool: identityPoolFrom(options, pool.region, userPoolProviderName(pool.region, pool.userPoolId)),
    iamRoles: rolesFrom(options['iamRoles']),
    accessKeys: accessKeysFrom(options['accessKeys']),
    bucket: bucket(options['bucket'] ?? 'files'),
    persist: text('persist', options['persist'], /^[^\0]+$/, 'the path of a file'),
    seed: text('seed', options['seed'], /./, 'a string that is not empty'),
  }
}

/** The same options with these ids for clients that name none, so that an id which was made up stays. */
export function withClientIds(
  options: LocalCognitoOptions,
  clientIds: readonly string[],
): LocalCognitoOptions {
  const [only = {}, ...others] = options.clients ?? []
  return {
    ...options,
    clients: [only, ...others].map((client, index) => ({
      ...client,
      clientId: client.clientId ?? clientIds[index],
    })),
  }
}

function poolIds(options: Record<string, unknown>) {
  const userPoolId = check.checkString(
    'userPoolId',
    options['userPoolId'] ?? 'us-east-1_Local0001',
    // Stricter than the API's own pattern: JWT libraries take the Region from it and refuse anything else.
    /^[a-z]{2,4}(-[a-z]+)+-\d_[0-9A-Za-z]{1,40}$/,
    'a user pool id such as us-east-1_Local0001',
  )
  const region = userPoolId.slice(0, userPoolId.indexOf('_'))
  return { userPoolId, region }
}

function address(options: Record<string, unknown>) {
  const dangerouslyExpose = check.checkBoolean('dangerouslyExpose', options['dangerouslyExpose'], false)
  const host = check.checkString('host', options['host'] ?? '127.0.0.1', /^[\w.:-]+$/, 'an IP address')
  if (host !== '127.0.0.1' && host !== '::1' && !dangerouslyExpose) {
    throw new ConfigurationError(
      '[local Cognito] option "host" must be 127.0.0.1 or ::1: whoever reaches a local Cognito can sign in as anyone',
    )
  }
  const port = check.checkInteger('port', options['port'] ?? 0, { min: 0, max: 65_535 })
  return { dangerouslyExpose, host, port }
}

/** Path style puts the bucket where the paths of the managed login are. */
const pathsOfTheDomain =
  'oauth2|login|logout|error|signup|confirmuser|forgotpassword|confirmforgotpassword|saml2|passkeys'

function bucket(value: unknown): string {
  return check.checkString(
    'bucket',
    value,
    new RegExp(`^(?!(?:${pathsOfTheDomain})$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`),
    'a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, and no path of the managed login',
  )
}

function text(option: string, value: unknown, pattern: RegExp, shape: string): string | undefined {
  return value === undefined ? undefined : check.checkString(option, value, pattern, shape)
}

function issuer(value: unknown): string | undefined {
  if (value === undefined) return undefined
  const shape = 'an absolute http or https URL without a trailing slash'
  return check.checkString('issuer', value, /^https?:\/\/[^\s?#]*[^\s?#/]$/, shape)
}

function clients(value: unknown, settings: Settings): [Client, ...Client[]] {
  const [first = clientFrom('clients[0]', {}), ...others] = check
    .checkArray('clients', value)
    .map((client, index) => clientFrom(`clients[${index}]`, client))
  check.checkUnique(
    'clients[].clientId',
    [first, ...others].map((client) => client.clientId),
  )
  for (const [index, { supportedIdentityProviders = [] }] of [first, ...others].entries()) {
    const known = [ownUsers, ...settings.identityProviders.keys()]
    const option = `clients[${index}].supportedIdentityProviders`
    for (const name of supportedIdentityProviders) check.checkOneOf(option, name, known)
  }
  return [first, ...others]
}
