import { poolAddressesOf, type PoolAddresses } from './addresses.ts'
import { publicKeys, type PublicKeys } from './oauth/jwks.ts'
import { ConfigurationError } from './options/configuration-error.ts'
import type { ResolvedPool } from './options/pool-options.ts'
import { tokenIssuer, type IssueToken } from './user-pool/issue-token.ts'
import type { UserPool } from './user-pool/user-pool.ts'
import type { World } from './world.ts'

/** One user pool of a running server. */
export interface LocalPoolHandle extends PoolAddresses {
  /** A token made to order, signed with this pool's keys. */
  issueToken: IssueToken
  /** The public keys, as the pool's `jwks.json` has them. */
  jwks(): PublicKeys
}

/** Of every pool of the options. `world` is the one since the last reset. */
export function poolHandles(
  world: () => World,
  within: <T>(run: () => T) => T,
): [LocalPoolHandle, ...LocalPoolHandle[]] {
  const [first, ...further] = world().options.userPools
  const handleOf = (described: ResolvedPool, index: number): LocalPoolHandle => {
    const pool = world().pools.get(described.userPoolId) as UserPool
    return {
      ...poolAddressesOf(pool, described),
      issueToken: (order) => within(() => issueToken(world(), index)(order)),
      jwks: () => publicKeys(pool.keys),
    }
  }
  return [handleOf(first, 0), ...further.map((described, index) => handleOf(described, index + 1))]
}

function issueToken({ pools, options }: World, index: number): IssueToken {
  const { userPoolId, clients } = options.userPools[index] as ResolvedPool
  const pool = pools.get(userPoolId)
  if (pool) return tokenIssuer(pool, clients[0])
  return async () => {
    throw new ConfigurationError('[local Cognito] issueToken: the user pool was deleted')
  }
}
