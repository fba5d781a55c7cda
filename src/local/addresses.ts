import type { AccessKey } from './aws/developer.ts'
import type { ResolvedOptions } from './options/options.ts'
import type { ResolvedPool } from './options/pool-options.ts'
import type { Client } from './user-pool/client.ts'
import { domainOf, type UserPool } from './user-pool/user-pool.ts'

/** The options that point a `UserPool` at the local Cognito and one of its app clients. */
export interface LocalUserPoolOptions {
  userPoolId: string
  clientId: string
  clientSecret?: string
  domain: string
  issuer: string
  endpoint: string
}

/** Where one user pool answers. */
export interface PoolAddresses {
  /** Spread into `new UserPool(…)`: the default client. */
  userPool: LocalUserPoolOptions
  /** The same for every client, in the order of the options. */
  clients: LocalUserPoolOptions[]
}

/** Where everything answers, and under which names. The user pool is the first one. */
export interface Addresses extends PoolAddresses {
  /** `http://127.0.0.1:PORT`: every service answers here. */
  url: string
  /** For `new IdentityPool(…)`. */
  identityPool: { identityPoolId: string; endpoint: string; stsEndpoint: string }
  /** For `new S3Client(…)`, and the name of the bucket. */
  s3: { endpoint: string; region: string; forcePathStyle: true; bucket: string }
  /** For `new STSClient(…)`. */
  sts: { endpoint: string; region: string }
  /** Whoever signs with these may do everything: for the signed operations of both pools, and to look into the bucket. */
  awsCredentials: AccessKey
}

export function addressesOf(pool: UserPool, options: ResolvedOptions): Addresses {
  const { url, region } = pool
  return {
    url,
    ...poolAddressesOf(pool, options.userPools[0]),
    identityPool: {
      identityPoolId: options.identityPool.settings.identityPoolId,
      endpoint: url,
      stsEndpoint: url,
    },
    s3: { endpoint: url, region, forcePathStyle: true as const, bucket: options.bucket },
    sts: { endpoint: url, region },
    awsCredentials: { ...options.accessKeys[0] },
  }
}

export function poolAddressesOf(pool: UserPool, { clients }: ResolvedPool): PoolAddresses {
  return {
    userPool: userPoolOptions(pool, clients[0]),
    clients: clients.map((client) => userPoolOptions(pool, client)),
  }
}

function userPoolOptions(pool: UserPool, { clientId, clientSecrets }: Client): LocalUserPoolOptions {
  const clientSecret = clientSecrets[0]?.value
  return {
    userPoolId: pool.userPoolId,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    domain: domainOf(pool),
    issuer: pool.issuer,
    endpoint: pool.url,
  }
}
