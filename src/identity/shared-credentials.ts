import type { UnavailableError } from '../errors.ts'
import { hasCode } from '../lib/has-code.ts'
import type { LimitedStore } from '../shared-store/limited-store.ts'
import { acquire, type Lock, looks } from '../shared-store/lock.ts'
import { Retries } from '../shared-store/retries.ts'
import { type Found, type Place, SealedRecords } from '../shared-store/sealed-records.ts'
import type { CacheKey } from './cache-key.ts'
import { type CognitoIdentityCredentials, toCredentials } from './credentials.ts'

/** What the store holds of one user: the credentials of their roles, or the note that they were forgotten. */
type UserRecord = { roles: Record<string, StoredCredentials> } | { forgotten: true }

interface StoredCredentials {
  identityId: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
  /** Milliseconds since the epoch. */
  expiration: number
}

/** Credentials that were fetched here, or by another process. */
export interface Loaded {
  credentials: CognitoIdentityCredentials
  adopted: boolean
}

/** Those that end sooner are fetched anew instead of adopted: clocks of processes may be some minutes apart. */
const LEAST_LEFT_MS = 10 * 60_000
/** How long one process may fetch before another one does, in milliseconds. */
const LOCK_MS = 2_500
/** How long one process waits for another before it fetches itself. */
const WAIT_LIMIT_MS = 3_000
/** Credentials of the enhanced flow live for an hour; so long it is remembered that older ones do not count. */
const FORGOTTEN_MS = 60 * 60_000
const MOST_TRIES = 5

/**
 * The credentials of users in the shared store, one sealed record for each user: what one process fetches the others adopt. The
 * store only spares calls: when it fails, every process fetches for itself.
 */
export class SharedCredentials {
  readonly #store: LimitedStore
  readonly #records: SealedRecords
  /** Users who were forgotten and whom the store does not know of yet. */
  readonly #forgetting = new Retries()
  readonly #adopt: (key: CacheKey, identityId: string) => boolean

  /** `adopt` says whether an identity can be the user's. */
  constructor(
    { identityPoolId, sealingKeys }: { identityPoolId: string; sealingKeys: readonly string[] },
    store: LimitedStore,
    adopt: (key: CacheKey, identityId: string) => boolean,
  ) {
    this.#store = store
    this.#adopt = adopt
    this.#records = new SealedRecords(store, { kind: 'credentials', scope: [identityPoolId], sealingKeys })
  }

  /**
   * Credentials that live longer than `known`: those that another process has fetched, or what `load` brings, which one process
   * at a time does. Rejects with what `load` rejects with.
   */
  async load(
    key: CacheKey,
    known: CognitoIdentityCredentials | undefined,
    load: () => Promise<CognitoIdentityCredentials>,
  ): Promise<Loaded> {
    const place = this.#records.place(key.user)
    for await (const _ of looks(WAIT_LIMIT_MS)) {
      const turn = await this.#turn(place, key)
      if (!turn) break
      const { found, lock } = turn
      try {
        const credentials = this.#usable(key, found, known)
        if (credentials) return { credentials, adopted: true }
        if (lock) return await this.#fetch(place, key, found, load)
      } finally {
        await lock?.release()
      }
    }
    return { credentials: await load(), adopted: false }
  }

  /**
   * What has become of credentials that this process has had for a while: `same`, `forgotten`, or newer ones. Rejects with
   * UnavailableError when the store cannot be reached.
   */
  async check(
    key: CacheKey,
    credentials: CognitoIdentityCredentials,
  ): Promise<'same' | 'forgotten' | CognitoIdentityCredentials> {
    const place = this.#records.place(key.user)
    const found = await this.#records.read(place)
    const record = found && toRecord(found)
    if (!found) await this.#put(place, key, undefined, credentials)
    if (!record) return 'same'
    if ('forgotten' in record || !record.roles[key.id]) return 'forgotten'
    if (record.roles[key.id]?.accessKeyId === credentials.accessKeyId) return 'same'
    return this.#usable(key, found, undefined) ?? 'same'
  }

  /** Credentials of the user that any process has do not count any more; where the store is away, as soon as it can be told. */
  forget(user: string): void {
    const forgotten: UserRecord = { forgotten: true }
    const forget = async () => {
      await this.#records.write(this.#records.place(user), forgotten, { ttlMs: FORGOTTEN_MS })
      this.#store.publish(`forgotten ${user}`)
    }
    forget().catch(() => this.#forgetting.add(user, forget))
  }

  /** Tells the store what it could not be told yet. Rejects with UnavailableError when it still cannot. */
  flush(): Promise<void> {
    return this.#forgetting.flush()
  }

  /** What is kept, and whether it is this process's turn to fetch; `undefined` when the store cannot be reached. */
  async #turn(
    place: Place,
    { id, user }: CacheKey,
  ): Promise<{ found: Found | undefined; lock: Lock | undefined } | undefined> {
    try {
      // A lock for each role: the id begins with the user.
      const lock = await acquire(this.#store, `${place.key}:${id.slice(user.length)}:lock`, LOCK_MS)
      return { found: await this.#records.read(place), lock }
    } catch (error) {
      if (hasCode<UnavailableError>(error, 'ERR_COGNITO_UNAVAILABLE')) return undefined
      throw error
    }
  }

  async #fetch(
    place: Place,
    key: CacheKey,
    found: Found | undefined,
    load: () => Promise<CognitoIdentityCredentials>,
  ): Promise<Loaded> {
    const credentials = await load()
    await this.#put(place, key, found, credentials).catch(() => undefined)
    return { credentials, adopted: false }
  }

  /**
   * Adds credentials to the record that was read. A user who was forgotten since then gets none, and what another process has
   * brought meanwhile stays, if it lives longer.
   */
  async #put(
    place: Place,
    key: CacheKey,
    found: Found | undefined,
    credentials: CognitoIdentityCredentials,
  ): Promise<void> {
    let base = found
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const record = base && toRecord(base)
      if (base !== found && record && 'forgotten' in record) return
      const known = current(record)
      if (base !== found && (known[key.id]?.expiration ?? 0) >= credentials.expiration.getTime()) return
      const roles = { ...known, [key.id]: toStored(credentials) }
      const ttlMs = Math.max(...Object.values(roles).map(({ expiration }) => expiration)) - Date.now()
      if (ttlMs <= 0) return
      if ((await this.#records.write(place, { roles }, { ttlMs, over: base?.raw ?? null })) !== undefined)
        return
      base = await this.#records.read(place)
    }
  }

  #usable(
    key: CacheKey,
    found: Found | undefined,
    known: CognitoIdentityCredentials | undefined,
  ): CognitoIdentityCredentials | undefined {
    const record = found && toRecord(found)
    const stored = record && 'roles' in record ? record.roles[key.id] : undefined
    if (!stored || stored.expiration <= (known?.expiration.getTime() ?? 0)) return undefined
    if (!(stored.expiration - Date.now() > LEAST_LEFT_MS) || this.#forgetting.has(key.user)) return undefined
    const {
      identityId,
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretKey,
      sessionToken,
      expiration,
    } = stored
    const issued = { AccessKeyId, SecretKey, SessionToken: sessionToken, Expiration: new Date(expiration) }
    const credentials = toCredentials(issued, identityId)
    return credentials && this.#adopt(key, identityId) ? credentials : undefined
  }
}

function toRecord({ value }: Found): UserRecord | undefined {
  const { roles, forgotten } = Object(value) as { roles?: unknown; forgotten?: unknown }
  if (forgotten === true) return { forgotten }
  if (typeof roles !== 'object' || roles === null) return undefined
  return { roles: roles as Record<string, StoredCredentials> }
}

/** What of a record has not expired. */
function current(record: UserRecord | undefined): Record<string, StoredCredentials> {
  if (!record || 'forgotten' in record) return {}
  return Object.fromEntries(Object.entries(record.roles).filter(([, one]) => one.expiration > Date.now()))
}

function toStored({
  identityId,
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
}: CognitoIdentityCredentials): StoredCredentials {
  return { identityId, accessKeyId, secretAccessKey, sessionToken, expiration: expiration.getTime() }
}
