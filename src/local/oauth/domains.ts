import type { UserPool } from '../user-pool/user-pool.ts'
import type { UserPools } from '../user-pool/user-pools.ts'
import { oauthEndpoints, type OAuthEndpoint } from './index.ts'

type Endpoints = ReadonlyMap<string, OAuthEndpoint>

/** The domains and the issuers of all pools, which are told apart by the beginning of a path. */
export interface Domains {
  /** What answers at a path. */
  get(path: string): OAuthEndpoint | undefined
  operations: readonly string[]
}

/** `others`: what has the same form and is no pool's. */
export function createDomains(pools: UserPools, others: Endpoints): Domains {
  const made = new WeakMap<UserPool, Endpoints>()
  const endpointsOf = (pool: UserPool) => {
    const endpoints = made.get(pool) ?? oauthEndpoints(pool)
    made.set(pool, endpoints)
    return endpoints
  }
  return {
    get(path) {
      const [, start = ''] = path.split('/', 2)
      const pool = pools.get(start) ?? pools.first
      return (pool.isDeleted ? undefined : endpointsOf(pool).get(path)) ?? others.get(path)
    },
    operations: [...endpointsOf(pools.first).values(), ...others.values()].map(({ operation }) => operation),
  }
}
