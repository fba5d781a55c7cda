import * as check from './option-checks.ts'
import { poolFrom, poolMembers, type LocalPool, type ResolvedPool } from './pool-options.ts'

/** Checks the first pool, which the options describe directly, and the further ones in `userPools`. */
export function userPoolsFrom(
  options: Record<string, unknown>,
  nowMs: number,
): [ResolvedPool, ...ResolvedPool[]] {
  const first = poolFrom('', options, { userPoolId: 'us-east-1_Local0001', nowMs })
  const further = check.checkArray('userPools', options['userPools']).map((entry, index) => {
    const option = `userPools[${index}]`
    const members = check.checkObject(option, entry, poolMembers)
    const number = String(index + 2).padStart(4, '0')
    const pool = poolFrom(`${option}.`, members, { userPoolId: `${first.region}_Local${number}`, nowMs })
    // One endpoint of Amazon is one Region, too.
    if (pool.region !== first.region)
      check.refuse(`${option}.userPoolId`, `of the Region of the first pool, ${first.region}`)
    return pool
  })
  checkDistinct([first, ...further])
  return [first, ...further]
}

/** Requests say which pool they mean by its id or by that of an app client, and tokens by their issuer. */
function checkDistinct(pools: readonly ResolvedPool[]): void {
  const ids = (name: string, values: readonly string[]) => check.checkUnique(`userPools[].${name}`, values)
  ids(
    'userPoolId',
    pools.map(({ userPoolId }) => userPoolId),
  )
  ids(
    'issuer',
    pools.flatMap(({ issuer }) => issuer ?? []),
  )
  ids(
    'clients[].clientId',
    pools.flatMap(({ clients }) => clients).map(({ clientId }) => clientId),
  )
}

/** The ids of the clients of each pool, all in the order of the options. */
export type ClientIds = readonly (readonly string[])[]

export function clientIdsOf(pools: readonly ResolvedPool[]): ClientIds {
  return pools.map(({ clients }) => clients.map(({ clientId }) => clientId))
}

/** The same pool with these ids for clients that name none, so that an id which was made up stays. */
export function withClientIds<P extends LocalPool>(pool: P, clientIds: readonly string[] = []): P {
  const [only = {}, ...others] = pool.clients ?? []
  return {
    ...pool,
    clients: [only, ...others].map((client, index) => ({
      ...client,
      clientId: client.clientId ?? clientIds[index],
    })),
  }
}
