import { hash } from 'node:crypto'
import { Seal } from '../lib/seal.ts'
import type { LimitedStore } from './limited-store.ts'

/** A record as it was read. */
export interface Found {
  /** None where it cannot be opened. */
  value: unknown
  /** Whether it looks like a record, of whatever key and version: others may be able to open it. */
  sealed: boolean
  /** What must still be there to replace it. */
  raw: string
}

/** Where a record is, and what it is bound to. */
export interface Place {
  /** Names neither user nor configuration: a hash. */
  key: string
  /** What is authenticated with the record: a record that was copied to another place, or for another user, does not open. */
  context: string
}

/** What is written by another version of the package is not opened. */
const VERSION = '1.'

/**
 * Records in a shared store, sealed with AES-256-GCM. `scope` is the configuration that they belong to: apps that share a store
 * and a prefix do not see each other's. Rejects with UnavailableError when the store cannot be reached.
 */
export class SealedRecords {
  readonly #store: LimitedStore
  readonly #seal: Seal
  readonly #kind: string
  readonly #scope: string

  constructor(
    store: LimitedStore,
    { kind, scope, sealingKeys }: { kind: string; scope: readonly string[]; sealingKeys: readonly string[] },
  ) {
    this.#store = store
    this.#seal = new Seal(sealingKeys, `shared ${kind}`)
    this.#kind = kind
    this.#scope = JSON.stringify(scope)
  }

  /** The place of the record with this id, bound to a subject. In a cluster, all that belongs to one id is kept together. */
  place(id: string, subject = ''): Place {
    const key = `${this.#kind}:{${hash('sha256', `${this.#scope}\n${id}`, 'base64url')}}`
    return { key, context: [key, this.#scope, subject].join('\n') }
  }

  /** The record; `undefined` where there is none. */
  async read({ key, context }: Place): Promise<Found | undefined> {
    const raw = await this.#store.get(key)
    if (raw === undefined) return undefined
    const value = raw.startsWith(VERSION) ? this.#seal.open(raw.slice(VERSION.length), context) : undefined
    if (value === undefined) this.#store.unreadable()
    return { value, raw, sealed: /^\d+\.[\w-]{38,}$/.test(raw) }
  }

  /** Writes in place of what was read (`null`: nothing). What was written, or `undefined` when something else is there now. */
  async write(
    { key, context }: Place,
    value: unknown,
    { ttlMs, over }: { ttlMs: number; over?: string | null },
  ): Promise<string | undefined> {
    const raw = VERSION + this.#seal.seal(value, context)
    return (await this.#store.set(key, raw, { ttlMs, expected: over })) ? raw : undefined
  }
}
