import type { IssueProviderToken } from './identity-pool/providers/issue-provider-token.ts'
import type { KeyRing } from './key-ring.ts'
import type { Clock } from './lib/clock.ts'
import type { Memory } from './lib/memory.ts'
import type { ResolvedOptions } from './options/options.ts'
import type { Services } from './server/router.ts'
import { createServices } from './services.ts'
import { tokenIssuer, type IssueToken } from './user-pool/issue-token.ts'
import type { Outbox } from './user-pool/outbox.ts'
import { createUserPool, type UserPool } from './user-pool/user-pool.ts'

/** Everything that a reset makes anew. */
export interface World {
  options: ResolvedOptions
  memory: Memory
  pool: UserPool
  services: Services
  issueToken: IssueToken
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
  const pool = createUserPool(options, { ...surroundings, keys: keys.userPool, memory })
  const { services, issueProviderToken } = createServices(pool, options, { keys, memory })
  return { options, memory, pool, services, issueToken: tokenIssuer(pool, options), issueProviderToken }
}
