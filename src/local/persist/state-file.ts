import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { createMemory, ownerOf, type Memory } from '../lib/memory.ts'
import type { KeyRing } from '../key-ring.ts'
import { refuse } from '../options/option-checks.ts'
import type { ResolvedPool } from '../options/pool-options.ts'
import { clientIdsOf } from '../options/user-pools-options.ts'
import type { Client } from '../user-pool/client.ts'
import { decodeGraph, encodeGraph, type Graph, type Outside } from './graph.ts'
import { loadKeys, saveKeys, saveSigningKeys, type SavedKeys, type SavedSigningKeys } from './saved-keys.ts'

/** What a file keeps of a server. */
export interface State {
  keys: KeyRing
  /** By pool, in the order of the options: an id that was made up is the same at the next start. */
  clientIds: ReadonlyMap<string, string[]>
  /** The collections; those of other pools, and sign-ins of other clients, are left out. */
  memory(pools: readonly ResolvedPool[]): Memory
}

interface Saved extends Graph {
  localCognito: 1
  userPoolId: string
  clientIds: string[]
  keys: SavedKeys
  /** By id; the members above are those of the first pool. */
  furtherPools?: Record<string, { clientIds: string[]; keys: SavedSigningKeys }> | undefined
}

/** The state in the file; undefined when there is none yet. Throws `ConfigurationError` for any other file. */
export async function readState(file: string, userPoolId: string): Promise<State | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    return refuse('persist', 'a file that can be read and written')
  })
  if (text === undefined) return undefined
  const saved = attempt(() => {
    const parsed = JSON.parse(text) as Saved | null
    if (parsed?.localCognito !== 1) throw new TypeError('another form')
    return parsed
  })
  if (saved.userPoolId !== userPoolId) refuse('persist', 'a file of the same user pool (option "userPoolId")')
  return attempt(() => {
    const pools = Object.entries({ [userPoolId]: saved, ...saved.furtherPools })
    const clientIds = new Map(pools.map(([id, pool]) => [id, pool.clientIds]))
    if (![...clientIds.values()].flat().every((id) => typeof id === 'string'))
      throw new TypeError('another form')
    // Also decoded here, where a port is not yet open.
    decodeMemory(saved, [])
    const keys = loadKeys(saved.keys, new Map(pools.map(([id, pool]) => [id, pool.keys])))
    return { keys, clientIds, memory: (described) => decodeMemory(saved, described) }
  })
}

/** Nothing of the file is quoted: it holds keys and passwords. */
function attempt<T>(read: () => T): T {
  try {
    return read()
  } catch {
    return refuse(
      'persist',
      'a file that a local Cognito has written, or a name that is free; this file is damaged or something else',
    )
  }
}

function decodeMemory(saved: Graph, pools: readonly ResolvedPool[]): Memory {
  const maps = decodeGraph(saved, clientsByName(clientsOf(pools)))
  if (!(maps instanceof Map) || ![...maps.values()].every((map) => map instanceof Map))
    throw new TypeError('no collections')
  const named = maps as Map<string, Map<string, unknown>>
  const isGone = (owner?: string) =>
    owner !== undefined && !pools.some(({ userPoolId }) => userPoolId === owner)
  for (const name of named.keys()) if (isGone(ownerOf(name))) named.delete(name)
  for (const map of named.values()) for (const [key, entry] of map) if (isOrphan(entry)) map.delete(key)
  return createMemory(named)
}

/** A sign-in, or its refresh token, of a client that is gone. */
function isOrphan(entry: unknown): boolean {
  const { value } = entry as { value?: { client?: unknown; signIn?: { client?: unknown } } }
  if (value === undefined) return false
  const owner = 'signIn' in value ? value.signIn : value
  return owner !== undefined && 'client' in owner && owner.client === undefined
}

function clientsOf(pools: readonly ResolvedPool[]): Client[] {
  return pools.flatMap(({ clients }) => clients)
}

function clientsByName(clients: readonly Client[]): Outside {
  return {
    nameOf: (value) => clients.find((client) => client === value)?.clientId,
    find: (name) => clients.find(({ clientId }) => clientId === name),
  }
}

/** Writes the file in one piece: whoever reads it sees the old state or the new one. Only its owner may read it. */
export async function writeState(
  file: string,
  {
    keys,
    userPools,
    memory,
  }: { keys: KeyRing; userPools: readonly [ResolvedPool, ...ResolvedPool[]]; memory: Memory },
): Promise<void> {
  const [{ userPoolId }, ...further] = userPools
  const [clientIds = [], ...furtherClientIds] = clientIdsOf(userPools)
  const furtherPools = further.map(({ userPoolId: id }, index) => [
    id,
    { clientIds: furtherClientIds[index], keys: saveSigningKeys(keys, id) },
  ])
  const saved: Saved = {
    localCognito: 1,
    userPoolId,
    clientIds: [...clientIds],
    keys: await saveKeys(keys, userPoolId),
    furtherPools: Object.fromEntries(furtherPools) as Saved['furtherPools'],
    ...encodeGraph(memory.all(), clientsByName(clientsOf(userPools))),
  }
  const unfinished = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const handle = await open(unfinished, 'wx', 0o600)
    try {
      await handle.writeFile(JSON.stringify(saved))
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}
