import { accessKeysFrom } from '../aws/access-key-options.ts'
import type { AccessKey } from '../aws/developer.ts'
import { rolesFrom, type LocalRole } from '../aws/iam/role-options.ts'
import type { DescribedRole } from '../aws/iam/role.ts'
import { ConfigurationError } from './configuration-error.ts'
import * as check from './option-checks.ts'
import {
  identityPoolFrom,
  type LocalIdentityPoolOptions,
  type ResolvedIdentityPool,
} from '../identity-pool/options.ts'
import { poolMembers, type LocalPool, type ResolvedPool } from './pool-options.ts'
import { userPoolsFrom, withClientIds, type ClientIds } from './user-pools-options.ts'

/** What `startLocalCognito` takes. Everything has a default; wrong or unknown options are refused by name. */
export interface LocalCognitoOptions extends LocalPool {
  /** Default 0: any free port. */
  port?: number | undefined
  /** `127.0.0.1` (default) or `::1`. Any other address needs `dangerouslyExpose`. */
  host?: string | undefined
  /** Listens on other addresses and takes any `Host` header: everyone who reaches the port can sign in as anyone. */
  dangerouslyExpose?: boolean | undefined
  identityPoolId?: string | undefined
  /** More user pools beside the one that the other options describe, on the same port. */
  userPools?: LocalPool[] | undefined
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
  /** Of everything. */
  region: string
  /** The first one is the one that the options describe directly. */
  userPools: [ResolvedPool, ...ResolvedPool[]]
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
  ...poolMembers,
  'userPools',
  'identityPoolId',
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
  const userPools = userPoolsFrom(options, nowMs)
  const [{ region }] = userPools
  return {
    region,
    userPools,
    ...address(options),
    identityPool: identityPoolFrom(options, region, userPools),
    iamRoles: rolesFrom(options['iamRoles']),
    accessKeys: accessKeysFrom(options['accessKeys']),
    bucket: bucket(options['bucket'] ?? 'files'),
    persist: text('persist', options['persist'], /^[^\0]+$/, 'the path of a file'),
    seed: text('seed', options['seed'], /./, 'a string that is not empty'),
  }
}

/** The same options with these ids for clients that name none. */
export function withKnownClients(
  options: LocalCognitoOptions,
  [first, ...further]: ClientIds,
): LocalCognitoOptions {
  return {
    ...withClientIds(options, first),
    userPools: options.userPools?.map((pool, index) => withClientIds(pool, further[index])),
  }
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
