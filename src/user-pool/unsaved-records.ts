import type { SignInCopies } from './sign-in-copies.ts'
import type { SignInHandle } from './sign-in-handle.ts'
import type { FoundRecord, SignInRecords } from './sign-in-records.ts'

const SAVE_AGAIN_MS = 500

/**
 * Tokens that a refresh brought while the store was away. This process goes on with them, and writes them as soon as it can: with
 * rotation nobody else could refresh the sign-in any more.
 */
export class UnsavedRecords {
  readonly #records: SignInRecords
  readonly #copies: SignInCopies
  readonly #unsaved = new Map<string, { signIn: SignInHandle; record: FoundRecord }>()
  #timer: NodeJS.Timeout | undefined

  constructor(records: SignInRecords, copies: SignInCopies) {
    this.#records = records
    this.#copies = copies
  }

  /** `record.raw` is what it takes the place of. */
  add(signIn: SignInHandle, record: FoundRecord): void {
    this.#copies.keep(signIn, record, { unsaved: true })
    this.#unsaved.set(signIn.id, { signIn, record })
    this.#later()
  }

  /** Writes them all. Rejects with UnavailableError when the store is still away. */
  async save(): Promise<void> {
    await Promise.all([...this.#unsaved.values()].map((one) => this.#save(one)))
  }

  #later(): void {
    if (this.#timer) return
    const again = async () => {
      await this.save().catch(() => undefined)
      this.#timer = undefined
      if (this.#unsaved.size > 0) this.#later()
    }
    this.#timer = setTimeout(() => void again(), SAVE_AGAIN_MS).unref()
  }

  async #save({ signIn, record }: { signIn: SignInHandle; record: FoundRecord }): Promise<void> {
    const isUnsaved = this.#copies.get(signIn)?.unsaved === true
    const written = await this.#records.replace(signIn, record.raw, record)
    this.#unsaved.delete(signIn.id)
    if (written !== undefined) this.#records.say('changed', signIn)
    if (!isUnsaved) return
    // Where something else is there, the next request reads it: a sign-out above all.
    if (written === undefined) this.#copies.keep(signIn, record, { checkedAt: Number.NEGATIVE_INFINITY })
    else this.#copies.keep(signIn, { ...record, raw: written })
  }
}
