import { createKeyRing, type KeyRing } from './key-ring.ts'
import type { Clock } from './lib/clock.ts'
import { createMemory, type Memory } from './lib/memory.ts'
import {
  resolveOptions,
  withKnownClients,
  type LocalCognitoOptions,
  type ResolvedOptions,
} from './options/options.ts'
import { clientIdsOf } from './options/user-pools-options.ts'
import { readState } from './persist/state-file.ts'

/** What a server starts with: its options, and what the file of `persist` kept. */
export interface Beginning {
  resolved: ResolvedOptions
  keys: KeyRing
  memory: Memory
  /** The options as they were at the start, for a reset: everything anew but the ids of clients. */
  again(): ResolvedOptions
}

/** `first`: the options, checked for the first time. */
export async function beginning(
  options: LocalCognitoOptions,
  first: ResolvedOptions,
  clock: Clock,
): Promise<Beginning> {
  const { persist, userPools } = first
  const state = persist === undefined ? undefined : await readState(persist, userPools[0].userPoolId)
  const made = clientIdsOf(userPools)
  const kept = userPools.map(({ userPoolId }, index) => state?.clientIds.get(userPoolId) ?? made[index] ?? [])
  const resolved = state ? resolveOptions(withKnownClients(options, kept), clock.now()) : first
  const clientIds = clientIdsOf(resolved.userPools)
  return {
    resolved,
    keys: await createKeyRing(
      userPools.map(({ userPoolId }) => userPoolId),
      state?.keys,
    ),
    memory: state?.memory(resolved.userPools) ?? createMemory(),
    again: () => resolveOptions(withKnownClients(options, clientIds), clock.now()),
  }
}
