import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { createMemory, type Memory } from '../lib/memory.ts'
import type { KeyRing } from '../key-ring.ts'
import { refuse } from '../options/option-checks.ts'
import type { Client } from '../user-pool/client.ts'
import { decodeGraph, encodeGraph, type Graph, type Outside } from './graph.ts'
import { loadKeys, saveKeys, type SavedKeys } from './saved-keys.ts'

/** What a file keeps of a server. */
export interface State {
  keys: KeyRing
  /** In the order of the options: an id that was made up is the same at the next start. */
  clientIds: string[]
  /** The collections; sign-ins of clients that are not among these are left out. */
  memory(clients: readonly Client[]): Memory
}

interface Saved extends Graph {
  localCognito: 1
  userPoolId: string
  clientIds: string[]
  keys: SavedKeys
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
    const { clientIds } = saved
    if (!clientIds.every((id) => typeof id === 'string')) throw new TypeError('another form')
    // Also decoded here, where a port is not yet open.
    decodeMemory(saved, [])
    return { keys: loadKeys(saved.keys), clientIds, memory: (clients) => decodeMemory(saved, clients) }
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

function decodeMemory(saved: Graph, clients: readonly Client[]): Memory {
  const maps = decodeGraph(saved, clientsByName(clients))
  if (!(maps instanceof Map) || ![...maps.values()].every((map) => map instanceof Map))
    throw new TypeError('no collections')
  const named = maps as Map<string, Map<string, unknown>>
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
    userPoolId,
    keys,
    clients,
    memory,
  }: { userPoolId: string; keys: KeyRing; clients: Client[]; memory: Memory },
): Promise<void> {
  const saved: Saved = {
    localCognito: 1,
    userPoolId,
    clientIds: clients.map(({ clientId }) => clientId),
    keys: await saveKeys(keys),
    ...encodeGraph(memory.all(), clientsByName(clients)),
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
