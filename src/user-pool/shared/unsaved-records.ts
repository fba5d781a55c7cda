import { UNCHECKED_LIMIT_MS } from '../../shared-store/freshness.ts'
import type { Retries } from '../../shared-store/retries.ts'
import type { SignInCopies } from './sign-in-copies.ts'
import type { SignInHandle } from '../sign-in-handle.ts'
import type { FoundInStore, SignInRecord, SignInRecords } from './sign-in-records.ts'
import type { Tokens } from '../tokens.ts'

/** What saving needs. */
export interface UnsavedRecordsParts {
  records: SignInRecords
  copies: SignInCopies
  retries: Retries
  revoke: (tokens: Tokens) => Promise<void>
}

/**
 * Tokens that a refresh brought while the store was away, or that the store has lost. This process goes on with them, and writes them
 * as soon as it can: with rotation nobody else could refresh the sign-in any more.
 */
export class UnsavedRecords {
  readonly #parts: UnsavedRecordsParts

  constructor(parts: UnsavedRecordsParts) {
    this.#parts = parts
  }

  has({ id }: SignInHandle): boolean {
    return this.#parts.retries.has(nameOf(id))
  }

  /** To be written in place of `raw`, or of nothing. */
  add(signIn: SignInHandle, record: SignInRecord, raw: string | undefined): void {
    const { copies, retries } = this.#parts
    // No text of the store's, so that whoever reads there does not take it for the same.
    copies.keep(signIn, { ...record, raw: raw ?? '' })
    retries.add(nameOf(signIn.id), () => this.#save(signIn, record, raw))
  }

  /**
   * What was found in the store, unless that is older than what this process has seen there not long ago: then the store has lost it,
   * and it is written again.
   */
  newest(signIn: SignInHandle, found: FoundInStore): FoundInStore {
    const copy = this.#parts.copies.get(signIn)
    if (!copy || (found && 'ended' in found) || performance.now() - copy.checkedAt >= UNCHECKED_LIMIT_MS)
      return found
    if (found && 'version' in found && found.version >= copy.version) return found
    if (!this.has(signIn)) this.add(signIn, copy, found && ('raw' in found ? found.raw : found.garbage))
    return copy
  }

  async #save(signIn: SignInHandle, record: SignInRecord, raw: string | undefined): Promise<void> {
    const { records, copies } = this.#parts
    // What nobody has seen must not outlive the sign-in.
    if (copies.hasEnded(signIn)) return this.#revoke(record)
    const written =
      raw === undefined ? await records.create(signIn, record) : await records.replace(signIn, raw, record)
    if (written !== undefined) {
      if (copies.hasEnded(signIn)) return records.end(signIn)
      copies.keep(signIn, { ...record, raw: written })
      return records.say('changed', signIn)
    }
    return this.#superseded(signIn, record)
  }

  /** Something else is there by now: it counts when it is newer, or an end; where it is older, it is what the store has kept instead. */
  async #superseded(signIn: SignInHandle, record: SignInRecord): Promise<void> {
    const { records, copies } = this.#parts
    const found = await records.find(signIn)
    if (found && 'ended' in found) {
      copies.ended(signIn.id)
      return this.#revoke(record)
    }
    if (found && 'version' in found && found.version >= record.version) copies.keep(signIn, found)
    else this.add(signIn, record, found && ('raw' in found ? found.raw : found.garbage))
  }

  /** Nobody else has these tokens; what cannot be revoked expires by itself. */
  async #revoke({ tokens, unverified }: SignInRecord): Promise<void> {
    await this.#parts.revoke(unverified ?? tokens).catch(() => undefined)
  }
}

function nameOf(id: string): string {
  return `save ${id}`
}
