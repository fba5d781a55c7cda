import type { LimitedStore } from '../shared-store/limited-store.ts'
import { SealedRecords } from '../shared-store/sealed-records.ts'
import type { CacheKey } from './cache-key.ts'

/** An identity lasts; after this time without a fetch its user is asked for again. */
const TTL_MS = 30 * 24 * 3_600_000

/**
 * Whose identity is which, in the shared store, one sealed record for each user: what GetId said to one process the others need not
 * ask. Only for users whom verified claims name: nobody else comes back by the same name. The store only spares calls: where it fails, the service is asked.
 */
export class SharedIdentityIds {
  readonly #store: LimitedStore
  readonly #records: SealedRecords

  constructor(
    { identityPoolId, sealingKeys }: { identityPoolId: string; sealingKeys: readonly string[] },
    store: LimitedStore,
  ) {
    this.#store = store
    this.#records = new SealedRecords(store, { kind: 'identity', scope: [identityPoolId], sealingKeys })
  }

  /** What any process has noted. */
  async get({ user, subject }: CacheKey): Promise<string | undefined> {
    if (subject === undefined) return undefined
    const found = await this.#records.read(this.#records.place(user)).catch(() => undefined)
    const { identityId } = Object(found?.value) as { identityId?: unknown }
    return typeof identityId === 'string' ? identityId : undefined
  }

  /** Nobody waits for it. */
  keep({ user, subject }: CacheKey, identityId: string): void {
    if (subject === undefined) return
    this.#records.write(this.#records.place(user), { identityId }, { ttlMs: TTL_MS }).catch(() => undefined)
  }

  /** What stays where the store is away is found out when it is used: the service knows the identity no more. */
  forget({ user, subject }: CacheKey): void {
    if (subject === undefined) return
    this.#store.delete(this.#records.place(user).key).catch(() => undefined)
  }
}
