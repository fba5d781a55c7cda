import { removeUser } from '../account/remove-user.ts'
import type { Clock } from '../lib/clock.ts'
import { memoryWithin, createMemory, type Memory } from '../lib/memory.ts'
import type { ResolvedPool } from '../options/pool-options.ts'
import type { Group } from './groups.ts'
import { createSigningKeys, type SigningKeys } from './keys.ts'
import type { Outbox } from './outbox.ts'
import { createUserPool, type PoolDescription, type UserPool } from './user-pool.ts'

/** The user pools of a server. */
export interface UserPools {
  /** The one whose managed login begins at the address itself. When it is deleted it is still here, and empty. */
  first: UserPool
  /** Those that there are, in the order in which they came. */
  all(): UserPool[]
  get(userPoolId: string): UserPool | undefined
  /** Makes one more, with keys of its own and nobody in it. No file keeps it. */
  create(described: NewPool): Promise<UserPool>
  delete(pool: UserPool): void
}

type NewPool = Pick<PoolDescription, 'userPoolId' | 'region' | 'name' | 'settings'>

interface Surroundings {
  url: string
  clock: Clock
  /** By the id of the pool. */
  keys: ReadonlyMap<string, SigningKeys>
  outbox: Outbox
  memory: Memory
}

export function createUserPools(
  [described, ...others]: readonly [ResolvedPool, ...ResolvedPool[]],
  { keys, memory, ...server }: Surroundings,
): UserPools {
  const keysOf = ({ userPoolId }: ResolvedPool) => keys.get(userPoolId) as SigningKeys
  const first = createUserPool(described, { ...server, keys: keysOf(described), memory })
  const pools = new Map([[first.userPoolId, first]])
  const add = (pool: PoolDescription, own: { keys: SigningKeys; memory: Memory }) => {
    const { userPoolId } = pool
    const added = createUserPool(pool, { ...server, ...own, domainPath: `/${userPoolId}` })
    pools.set(userPoolId, added)
    return added
  }
  for (const pool of others) add(pool, { keys: keysOf(pool), memory: memoryWithin(memory, pool.userPoolId) })
  return {
    first,
    all: () => [...pools.values()],
    get: (userPoolId) => pools.get(userPoolId),
    async create(described) {
      const pool = {
        ...described,
        issuer: undefined,
        users: [],
        groups: new Map<string, Group>(),
        clients: [],
      }
      return add(pool, { keys: await createSigningKeys(), memory: createMemory() })
    },
    delete(pool) {
      pools.delete(pool.userPoolId)
      empty(pool)
    },
  }
}

/** Nobody signs in, and nothing that anybody still holds works. */
function empty(pool: UserPool): void {
  pool.isDeleted = true
  pool.clients.clear()
  for (const user of pool.users.all()) removeUser(pool, user)
}
