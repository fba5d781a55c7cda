import { UnavailableError } from '../../errors.ts'
import type { LimitedStore } from '../../shared-store/limited-store.ts'
import { type Found, SealedRecords } from '../../shared-store/sealed-records.ts'
import type { UserPoolConfiguration } from '../options.ts'
import type { SignInHandle } from '../sign-in-handle.ts'

/** A user has no more sign-ins than these at once: of what is not on the list nobody could sign them out. */
const MOST_SIGN_INS = 100
const MOST_TRIES = 10

/** Which sign-ins are of one user: a sealed list of their ids in the shared store, the oldest first. */
export class SignInIndex {
  readonly #records: SealedRecords
  readonly #ttlMs: number

  constructor(
    { issuer, clientId, sealingKeys, refreshTokenValidityDays }: UserPoolConfiguration,
    store: LimitedStore,
  ) {
    this.#records = new SealedRecords(store, { kind: 'user', scope: [issuer, clientId], sealingKeys })
    this.#ttlMs = refreshTokenValidityDays * 86_400_000
  }

  /** Adds a sign-in. Gives those that there is no room for any more, among those that `exists` says are still there. */
  async add(signIn: SignInHandle, exists: (one: SignInHandle) => Promise<boolean>): Promise<SignInHandle[]> {
    const { id, sub } = signIn
    let fallen: string[] = []
    await this.#change(sub, async (ids) => {
      // Many requests may find at once that a sign-in is to be kept.
      if (ids.includes(id)) return ids
      const there = ids.length < MOST_SIGN_INS ? ids : await this.#those(ids, signIn, exists)
      fallen = there.slice(0, Math.max(0, there.length + 1 - MOST_SIGN_INS))
      return [...there.slice(fallen.length), id]
    })
    return fallen.map((one) => ({ ...signIn, id: one }))
  }

  remove({ id, sub }: SignInHandle): Promise<void> {
    return this.#change(sub, (ids) => Promise.resolve(ids.filter((one) => one !== id)))
  }

  /** Rejects with UnavailableError for a list that cannot be read. */
  async list(sub: string): Promise<string[]> {
    const found = await this.#records.read(this.#records.place(sub, sub))
    if (found && found.value === undefined)
      throw new UnavailableError(
        'The list of a user’s sign-ins was sealed with another key, or by another version.',
      )
    return idsOf(found)
  }

  async #those(
    ids: readonly string[],
    signIn: SignInHandle,
    exists: (one: SignInHandle) => Promise<boolean>,
  ): Promise<string[]> {
    const found = await Promise.all(ids.map(async (id) => ((await exists({ ...signIn, id })) ? [id] : [])))
    return found.flat()
  }

  async #change(sub: string, change: (ids: string[]) => Promise<string[]>): Promise<void> {
    const place = this.#records.place(sub, sub)
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const found = await this.#records.read(place)
      const known = idsOf(found)
      const ids = await change(known)
      if (ids === known) return
      const over = found?.raw ?? null
      if ((await this.#records.write(place, { ids }, { ttlMs: this.#ttlMs, over })) !== undefined) return
    }
    throw new UnavailableError('Too many sign-ins of one user at once.')
  }
}

/** What cannot be read is begun anew: a key that was lost keeps nobody from signing in. */
function idsOf(found: Found | undefined): string[] {
  const { ids } = Object(found?.value) as { ids?: unknown }
  return Array.isArray(ids) ? ids.filter((one) => typeof one === 'string') : []
}
