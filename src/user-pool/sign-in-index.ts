import { UnavailableError } from '../errors.ts'
import type { LimitedStore } from '../shared-store/limited-store.ts'
import { type Found, SealedRecords } from '../shared-store/sealed-records.ts'
import type { UserPoolConfiguration } from './options.ts'
import type { SignInHandle } from './sign-in-handle.ts'

/** More sign-ins of one user than these are not found again as theirs; the oldest go first. */
const MOST_SIGN_INS = 100
const MOST_TRIES = 10

/** Which sign-ins are of one user: a sealed list of their ids in the shared store. */
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

  add({ id, sub }: SignInHandle): Promise<void> {
    return this.#change(sub, (ids) => [...ids.filter((one) => one !== id), id].slice(-MOST_SIGN_INS))
  }

  remove({ id, sub }: SignInHandle): Promise<void> {
    return this.#change(sub, (ids) => ids.filter((one) => one !== id))
  }

  async list(sub: string): Promise<string[]> {
    return idsOf(await this.#records.read(this.#records.place(sub, sub)))
  }

  async #change(sub: string, change: (ids: string[]) => string[]): Promise<void> {
    const place = this.#records.place(sub, sub)
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const found = await this.#records.read(place)
      const ids = change(idsOf(found))
      const over = found?.raw ?? null
      if ((await this.#records.write(place, { ids }, { ttlMs: this.#ttlMs, over })) !== undefined) return
    }
    throw new UnavailableError('Too many sign-ins of one user at once.')
  }
}

/** What cannot be read is begun anew. */
function idsOf(found: Found | undefined): string[] {
  const { ids } = Object(found?.value) as { ids?: unknown }
  return Array.isArray(ids) ? ids.filter((one) => typeof one === 'string') : []
}
