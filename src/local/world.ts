import type { IssueProviderToken } from './identity-pool/providers/issue-provider-token.ts'
import type { KeyRing } from './key-ring.ts'
import type { Clock } from './lib/clock.ts'
import type { Memory } from './lib/memory.ts'
import type { ResolvedOptions } from './options/options.ts'
import type { Services } from './server/router.ts'
import { createServices } from './services.ts'
import type { Outbox } from './user-pool/outbox.ts'
import { createUserPools, type UserPools } from './user-pool/user-pools.ts'

/** Everything that a reset makes anew. */
export interface World {
  options: ResolvedOptions
  memory: Memory
  pools: UserPools
  services: Services
  issueProviderToken: IssueProviderToken
}

/** What a reset leaves in its place. */
export interface Surroundings {
  url: string
  clock: Clock
  keys: KeyRing
  outbox: Outbox
}

/** `memory`: what a restart kept; empty at a first start and after a reset. */
export function createWorld(options: ResolvedOptions, surroundings: Surroundings, memory: Memory): World {
  const { keys } = surroundings
  const pools = createUserPools(options.userPools, { ...surroundings, keys: keys.userPools, memory })
  const { services, issueProviderToken } = createServices(pools, options, { keys, memory })
  return { options, memory, pools, services, issueProviderToken }
}
