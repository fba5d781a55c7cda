import type { AccessKey } from './aws/developer.ts'
import type { ResolvedOptions } from './options/options.ts'
import type { Client } from './user-pool/client.ts'
import type { UserPool } from './user-pool/user-pool.ts'

/** The options that point a `UserPool` at the local Cognito and one of its app clients. */
export interface LocalUserPoolOptions {
  userPoolId: string
  clientId: string
  clientSecret?: string
  domain: string
  issuer: string
  endpoint: string
}

/** Where everything answers, and under which names. */
export interface Addresses {
  /** `http://127.0.0.1:PORT`: every service answers here. */
  url: string
  /** Spread into `new UserPool(…)`: the default client. */
  userPool: LocalUserPoolOptions
  /** The same for every client, in the order of the options. */
  clients: LocalUserPoolOptions[]
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
    userPool: userPoolOptions(pool, options.clients[0]),
    clients: options.clients.map((client) => userPoolOptions(pool, client)),
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

function userPoolOptions(pool: UserPool, { clientId, clientSecrets }: Client): LocalUserPoolOptions {
  const clientSecret = clientSecrets[0]?.value
  return {
    userPoolId: pool.userPoolId,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    domain: pool.url,
    issuer: pool.issuer,
    endpoint: pool.url,
  }
}
