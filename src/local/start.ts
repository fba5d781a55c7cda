import { inspect } from 'node:util'
import type { AccessKey } from './aws/developer.ts'
import type { Client } from './user-pool/client.ts'
import { createClock, type Clock } from './lib/clock.ts'
import { ConfigurationError } from './options/configuration-error.ts'
import { createFaults, type Faults } from './server/faults.ts'
import type { IssueProviderToken } from './identity-pool/providers/issue-provider-token.ts'
import { tokenIssuer, type IssueToken } from './user-pool/issue-token.ts'
import { createSigningKeys } from './user-pool/keys.ts'
import { publicKeys, type PublicKeys } from './oauth/jwks.ts'
import { resolveOptions, type LocalCognitoOptions, type ResolvedOptions } from './options/options.ts'
import { createRequestLog, type RequestCounts } from './server/requests.ts'
import { listen, serve, stop } from './server/server.ts'
import { createServices, operationNames } from './services.ts'
import type { LocalOutbox } from './user-pool/outbox.ts'
import { createUserPool, type UserPool } from './user-pool/user-pool.ts'

/** The options that point a `UserPool` at the local Cognito and one of its app clients. */
export interface LocalUserPoolOptions {
  userPoolId: string
  clientId: string
  clientSecret?: string
  domain: string
  issuer: string
  endpoint: string
}

/** A running local Cognito. */
export interface LocalCognito {
  /** `http://127.0.0.1:PORT`: every service answers here. */
  url: string
  /** Spread into `new UserPool(…)`: the default client. */
  userPool: LocalUserPoolOptions
  /** The same for every client, in the order of the options. */
  clients: LocalUserPoolOptions[]
  /** For `new IdentityPool(…)`. */
  identityPool: { identityPoolId: string; endpoint: string }
  /** For `new S3Client(…)`, and the name of the bucket. */
  s3: { endpoint: string; region: string; forcePathStyle: true; bucket: string }
  /** For `new STSClient(…)`. */
  sts: { endpoint: string; region: string }
  /** Whoever signs with these may do everything: for the signed operations of both pools, and to look into the bucket. */
  awsCredentials: AccessKey
  /** How often each operation was asked for. */
  requests: RequestCounts
  /** Makes an operation (`*`: every one) fail, until the returned function is called or `times` is used up. */
  fail: Faults['fail']
  /** A token made to order, signed with this server's keys. */
  issueToken: IssueToken
  /** What was "sent" by e-mail and text message: confirmation codes, invitations. */
  outbox: LocalOutbox
  /** A token as an identity provider outside gives it (`graph.facebook.com`, …), which the identity pool then accepts. */
  issueProviderToken: IssueProviderToken
  /** The public keys, as `jwks.json` has them. */
  jwks(): PublicKeys
  /** What this server takes for the time; moving it moves every expiry. */
  clock: Clock
  /** Ends the server and all its connections. May be called twice. */
  close(): Promise<void>
}

/**
 * Starts a Cognito on 127.0.0.1 for development and tests. Rejects with `ConfigurationError`, before a port opens, when an
 * option is wrong or `NODE_ENV` says production.
 */
export async function startLocalCognito(options: LocalCognitoOptions = {}): Promise<LocalCognito> {
  refuseProduction(process.env['NODE_ENV'])
  const resolved = resolveOptions(options)
  const keys = await createSigningKeys()
  const { server, url } = await listen(resolved.host, resolved.port)
  const clock = createClock()
  const pool = createUserPool(resolved, url, clock, keys)
  const { services, issueProviderToken } = createServices(pool, resolved)
  const operations = operationNames(services)
  const requests = createRequestLog(operations)
  const faults = createFaults(operations)
  serve(server, { services, requests, faults, dangerouslyExpose: resolved.dangerouslyExpose })
  let closing: Promise<void> | undefined
  const local = {
    ...addresses(pool, resolved),
    requests: requests.counts,
    fail: (...fault: Parameters<Faults['fail']>) => faults.fail(...fault),
    issueToken: tokenIssuer(pool, resolved),
    outbox: pool.outbox.readable,
    issueProviderToken,
    jwks: () => publicKeys(keys),
    clock,
    close: () => (closing ??= stop(server)),
    // Logging the handle shows where it runs, not the client secrets in it.
    [inspect.custom]: () => `LocalCognito { url: '${url}', userPoolId: '${pool.userPoolId}' }`,
  }
  return local
}

/** A local Cognito lets anyone who knows its users' printed passwords in. */
function refuseProduction(environment = ''): void {
  if (!['production', 'prod'].includes(environment.trim().toLowerCase())) return
  throw new ConfigurationError(
    '[local Cognito] refuses to start with NODE_ENV=production: it is for development only',
  )
}

function addresses(pool: UserPool, options: ResolvedOptions) {
  const { url, region } = pool
  return {
    url,
    userPool: userPoolOptions(pool, options.clients[0]),
    clients: options.clients.map((client) => userPoolOptions(pool, client)),
    identityPool: { identityPoolId: options.identityPool.settings.identityPoolId, endpoint: url },
    s3: { endpoint: url, region, forcePathStyle: true as const, bucket: options.bucket },
    sts: { endpoint: url, region },
    awsCredentials: { ...options.accessKeys[0] },
  }
}

function userPoolOptions(
  pool: UserPool,
  { clientId, clientSecrets: [clientSecret] }: Client,
): LocalUserPoolOptions {
  return {
    userPoolId: pool.userPoolId,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    domain: pool.url,
    issuer: pool.issuer,
    endpoint: pool.url,
  }
}
