import { SessionEndedError, UnavailableError } from '../errors.ts'
import { type Lock, looks } from '../shared-store/lock.ts'
import type { SignInCopies } from './sign-in-copies.ts'
import type { SignInHandle } from './sign-in-handle.ts'
import { type FoundRecord, LOCK_MS, type SignInRecord, type SignInRecords } from './sign-in-records.ts'
import type { Tokens } from './tokens.ts'
import type { UnsavedRecords } from './unsaved-records.ts'
import type { VerifiedTokens } from './user.ts'

/** How one refresh ended: with verified tokens, or with some that cannot be verified now. */
export type Spent = { verified: VerifiedTokens } | { unverified: Tokens; failure: Error }

/** Trades tokens for new ones, once. Throws SessionEndedError when Cognito refuses, and whatever else keeps it from it. */
export type Spend = (record: SignInRecord) => Promise<Spent>

/** New tokens of this process, verified, or those of another one, which are not. */
export type Renewed = { verified: VerifiedTokens } | { adopted: Tokens }

/** What a refresh works on. */
export interface SharedRefreshParts {
  records: SignInRecords
  copies: SignInCopies
  unsaved: UnsavedRecords
  revoke: (tokens: Tokens) => Promise<void>
}

/** How long a request waits for the refresh of another process, in milliseconds. */
const WAIT_LIMIT_MS = 8_000

/**
 * One refresh at a time for a sign-in, whichever process does it; the others adopt its tokens. The lock alone cannot promise it,
 * since whoever holds it may be paused: so what a refresh brings is only written over what it began with, and when Cognito
 * refuses, the record is read again before anybody believes it.
 */
export class SharedRefresh {
  readonly #parts: SharedRefreshParts

  constructor(parts: SharedRefreshParts) {
    this.#parts = parts
  }

  /** Tokens newer than these. Rejects with SessionEndedError, UnavailableError, and what `spend` rejects with. */
  async run(tokens: Tokens, signIn: SignInHandle, spend: Spend): Promise<Renewed> {
    const { records } = this.#parts
    for await (const _ of looks(WAIT_LIMIT_MS)) {
      const since = performance.now()
      const lock = await records.lock(signIn)
      try {
        const found = await records.read(signIn)
        if (found.tokens.idToken !== tokens.idToken) return this.#adopt(signIn, found, since)
        // A process that was paused after it took the lock may not be the only one any more.
        if (lock && performance.now() - since < LOCK_MS / 2)
          return await this.#spendOnce(signIn, found, spend, lock)
      } finally {
        await lock?.release()
      }
    }
    throw new UnavailableError('Another process is still refreshing the tokens of this sign-in.', undefined, {
      retryAfterSeconds: 1,
    })
  }

  async #spendOnce(signIn: SignInHandle, found: FoundRecord, spend: Spend, lock: Lock): Promise<Renewed> {
    const { records } = this.#parts
    const begun = await records.begin(signIn)
    let underWay = true
    try {
      const spent = await spend(found)
      const kept = await this.#save(signIn, found, spent)
      underWay = kept === 'unsaved'
      if (kept === 'superseded') return await this.#instead(signIn, found, spent)
      if ('failure' in spent) throw spent.failure
      return spent
    } catch (error) {
      if (begun && underWay) underWay = false
      if (!(error instanceof SessionEndedError)) throw error
      return await this.#unlessEnded(signIn, found, begun ? lock : undefined, error)
    } finally {
      if (!underWay) await records.finish(signIn)
    }
  }

  async #save(
    signIn: SignInHandle,
    { tokens, raw }: FoundRecord,
    spent: Spent,
  ): Promise<'saved' | 'unsaved' | 'superseded'> {
    const { records, copies, unsaved } = this.#parts
    const record =
      'verified' in spent
        ? { tokens: { ...spent.verified.tokens, signIn } }
        : { tokens, unverified: spent.unverified }
    try {
      const written = await records.replace(signIn, raw, record)
      if (written === undefined) return 'superseded'
      records.say('changed', signIn)
      copies.keep(signIn, { ...record, raw: written })
      return 'saved'
    } catch {
      // Nobody else has these tokens, and the old ones may be spent.
      unsaved.add(signIn, { ...record, raw })
      return 'unsaved'
    }
  }

  /**
   * Another record stands where the new tokens should have gone: then it counts. Where there is none, the user has signed out in
   * the meantime, and what has just been brought must not outlive that.
   */
  async #instead(signIn: SignInHandle, found: FoundRecord, spent: Spent): Promise<Renewed> {
    const { records, revoke } = this.#parts
    const since = performance.now()
    try {
      return this.#adopt(signIn, await records.read(signIn), since)
    } catch (error) {
      const brought = 'verified' in spent ? spent.verified.tokens : spent.unverified
      const isNew = brought.refreshToken !== found.tokens.refreshToken
      if (error instanceof SessionEndedError && isNew) await revoke(brought).catch(() => undefined)
      throw error
    }
  }

  /**
   * Cognito refused the refresh token. That ends the sign-in only when nobody else can have used it: what is in the store may be
   * newer by now, or still in the hands of a process that began a refresh and is paused, or of one that has had the lock since.
   */
  async #unlessEnded(
    signIn: SignInHandle,
    { raw }: FoundRecord,
    lock: Lock | undefined,
    error: SessionEndedError,
  ): Promise<Renewed> {
    const { records, copies } = this.#parts
    const isAlone = await lock?.isHeld()
    const since = performance.now()
    const now = await records.read(signIn)
    if (now.raw !== raw) return this.#adopt(signIn, now, since)
    if (!isAlone)
      throw new UnavailableError(
        'Another process may have refreshed the tokens and not saved them yet.',
        error,
      )
    copies.ended(signIn.id)
    await records.delete(signIn, raw).catch(() => undefined)
    records.say('ended', signIn)
    throw error
  }

  #adopt(signIn: SignInHandle, found: FoundRecord, checkedAt: number): Renewed {
    return { adopted: this.#parts.copies.keep(signIn, found, { checkedAt }).tokens }
  }
}
