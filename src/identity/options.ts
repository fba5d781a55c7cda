import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import type { STSClient } from '@aws-sdk/client-sts'
import { ConfigurationError } from '../errors.ts'
import { sealingKeys } from '../shared-store/sealing-keys.ts'
import { optionalStore, type SharedStore } from '../shared-store/shared-store.ts'
import { assertKnownOptions, optionalNumber, optionalText, requireText, requireUrl } from '../lib/assert.ts'

/** Access keys of the server itself, or what gives them: the SDK's `AwsCredentialIdentity` or a provider of it. */
export type ServerCredentials = ServerAccessKey | (() => Promise<ServerAccessKey>)
interface ServerAccessKey {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  expiration?: Date
}

/** What `new IdentityPool()` takes. */
export interface IdentityPoolOptions {
  /** For example `eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c`; the Region follows from it. */
  identityPoolId: string
  /** Where the identity pool's API is reached. Default: Amazon's host in the pool's Region. */
  endpoint?: string | undefined
  /** Where STS is reached, for the classic flow. Default: Amazon's host in the pool's Region. */
  stsEndpoint?: string | undefined
  /**
   * Total time for each call to the service, its wait for the quota and its retries included, in milliseconds.
   * Default 5,000.
   */
  timeoutMs?: number | undefined
  /** Your own client of `@aws-sdk/client-cognito-identity`, instead of `endpoint`. Its `maxAttempts` holds. */
  client?: CognitoIdentityClient | undefined
  /** Your own client of `@aws-sdk/client-sts`, instead of `stsEndpoint`. */
  stsClient?: STSClient | undefined
  /**
   * The server's own AWS credentials, with which calls about developer identities are signed. Default: where the SDK
   * looks for them (environment, profile, role of the machine).
   */
  serverCredentials?: ServerCredentials | undefined
  /**
   * The role to ask for in place of the one that the pool would choose; it must be in the user's `cognito:roles`. Guests and
   * developer identities have none to choose from and keep the pool's.
   */
  customRoleArn?: string | undefined
  /** Calls per second that this process may begin. Default: Amazon's quotas, 25 for GetId and 200 for the rest. */
  requestsPerSecond?: { GetId?: number | undefined; others?: number | undefined } | undefined
  /** Calls to the service under way at once, GetId apart, which has as many places of its own. Default 50. */
  maxConcurrency?: number | undefined
  /**
   * What the processes of an app share: credentials that one has fetched serve them all, and are forgotten by all. `redisStore({
   * client })` of `passport-cognito-identity/redis`, or `memoryStore()`. Needs a `sealingKey`. Default: every process by itself.
   */
  store?: SharedStore | undefined
  /** Seals what is in the `store`: a secret of 32 characters or more, the same in every process; in a list the first one seals and all of them open. */
  sealingKey?: string | readonly string[] | undefined
  /** Users and roles whose credentials are kept, 2.3 kB each at most. Default 10,000. */
  maxEntries?: number | undefined
}

/** The options, checked. */
export interface IdentityPoolConfiguration {
  identityPoolId: string
  region: string
  endpoint: string | undefined
  stsEndpoint: string | undefined
  timeoutMs: number
  client: CognitoIdentityClient | undefined
  stsClient: STSClient | undefined
  serverCredentials: ServerCredentials | undefined
  customRoleArn: string | undefined
  requestsPerSecond: { GetId: number; others: number }
  maxConcurrency: number
  maxEntries: number
  store: SharedStore | undefined
  sealingKeys: readonly string[]
}

const owner = 'IdentityPool'
const known: readonly (keyof IdentityPoolOptions)[] = [
  'identityPoolId',
  'endpoint',
  'stsEndpoint',
  'timeoutMs',
  'client',
  'stsClient',
  'serverCredentials',
  'customRoleArn',
  'requestsPerSecond',
  'maxConcurrency',
  'maxEntries',
  'store',
  'sealingKey',
]
const exampleRole = '"arn:aws:iam::111122223333:role/editor"'

/** Throws {@link ConfigurationError} for a wrong, empty or unknown option. */
export function configureIdentityPool(options: IdentityPoolOptions): IdentityPoolConfiguration {
  assertKnownOptions(owner, options, known)
  return {
    ...poolId(options.identityPoolId),
    endpoint: address('endpoint', options.endpoint),
    stsEndpoint: address('stsEndpoint', options.stsEndpoint),
    timeoutMs: whole('timeoutMs', options.timeoutMs, 60_000, 5_000),
    ...clients(options),
    customRoleArn: customRoleArn(options.customRoleArn),
    requestsPerSecond: requestsPerSecond(options.requestsPerSecond),
    maxConcurrency: whole('maxConcurrency', options.maxConcurrency, 10_000, 50),
    maxEntries: whole('maxEntries', options.maxEntries, 1_000_000, 10_000),
    store: optionalStore(owner, options.store),
    sealingKeys: sealingKeys(owner, options.sealingKey, options.store),
  }
}

/** A role's ARN, or `undefined` when absent. */
export function customRoleArn(value: unknown): string | undefined {
  const arn = optionalText(owner, 'customRoleArn', value, exampleRole)
  if (arn === undefined || isRoleArn(arn)) return arn
  throw new ConfigurationError(
    `${owner}: "customRoleArn" must be the ARN of a role, for example ${exampleRole}.`,
  )
}

export function isRoleArn(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= 2_048 &&
    /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(value)
  )
}

function poolId(value: unknown): { identityPoolId: string; region: string } {
  const example = '"eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c"'
  const identityPoolId = requireText(owner, 'identityPoolId', value, example)
  const region = /^([a-z]{2,}(?:-[a-z]+)+-\d+):[0-9a-f-]+$/.exec(identityPoolId)?.[1]
  if (region === undefined || identityPoolId.length > 55) {
    throw new ConfigurationError(
      `${owner}: "identityPoolId" must look like ${example}: REGION:GUID, in lower case.`,
    )
  }
  return { identityPoolId, region }
}

function address(name: string, value: unknown): string | undefined {
  return value === undefined
    ? undefined
    : requireUrl(owner, name, value, '"https://cognito.example.com"').href
}

function whole(name: string, value: unknown, max: number, fallback: number): number {
  return optionalNumber(owner, name, value, { min: 1, max, fallback, integer: true })
}

function requestsPerSecond(value: unknown): IdentityPoolConfiguration['requestsPerSecond'] {
  const rates = value ?? {}
  assertKnownOptions(`${owner}: "requestsPerSecond"`, rates, ['GetId', 'others'])
  const rate = (name: 'GetId' | 'others', fallback: number) =>
    optionalNumber(owner, `requestsPerSecond.${name}`, rates[name], { min: 0.1, max: 100_000, fallback })
  return { GetId: rate('GetId', 25), others: rate('others', 200) }
}

function clients({ client, endpoint, stsClient, stsEndpoint, serverCredentials }: IdentityPoolOptions) {
  const identity = `a CognitoIdentityClient of @aws-sdk/client-cognito-identity`
  assertClient('client', client, identity, 'endpoint', endpoint)
  assertClient('client', client, identity, 'serverCredentials', serverCredentials)
  assertClient('stsClient', stsClient, 'an STSClient of @aws-sdk/client-sts', 'stsEndpoint', stsEndpoint)
  const isKey = typeof (serverCredentials as { accessKeyId?: unknown } | undefined)?.accessKeyId === 'string'
  if (serverCredentials !== undefined && !isKey && typeof serverCredentials !== 'function')
    throw new ConfigurationError(
      `${owner}: "serverCredentials" must be { accessKeyId, secretAccessKey } or a provider of the AWS SDK.`,
    )
  return { client, stsClient, serverCredentials }
}

function assertClient(name: string, client: unknown, kind: string, instead: string, value: unknown): void {
  if (client === undefined) return
  if (value !== undefined) throw new ConfigurationError(`${owner}: give "${name}" or "${instead}", not both.`)
  const { send } = Object(client) as { send?: unknown }
  if (typeof send !== 'function') throw new ConfigurationError(`${owner}: "${name}" must be ${kind}.`)
}
