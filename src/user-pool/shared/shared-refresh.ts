import { SessionEndedError, UnavailableError } from '../../errors.ts'
import { type Lock, looks } from '../../shared-store/lock.ts'
import type { SignInCopies } from './sign-in-copies.ts'
import type { SignInHandle } from '../sign-in-handle.ts'
import { type FoundRecord, LOCK_MS, type SignInRecord, type SignInRecords } from './sign-in-records.ts'
import type { Tokens } from '../tokens.ts'
import type { UnsavedRecords } from './unsaved-records.ts'
import type { VerifiedTokens } from '../user.ts'

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

/** How long a request waits for the refresh of another process, in milliseconds: longer than a lock lasts. */
const WAIT_LIMIT_MS = LOCK_MS + 500

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
    const { records, unsaved } = this.#parts
    if (unsaved.has(signIn)) throw busy()
    for await (const _ of looks(WAIT_LIMIT_MS)) {
      const since = performance.now()
      const lock = await records.lock(signIn)
      try {
        const found = await this.#read(signIn)
        if (found.tokens.idToken !== tokens.idToken) return this.#adopt(signIn, found, since)
        if (unsaved.has(signIn)) throw busy()
        // A process that was paused after it took the lock may not be the only one any more.
        if (lock && performance.now() - since < LOCK_MS / 2)
          return await this.#spendOnce(signIn, found, lock, spend)
      } finally {
        await lock?.release()
      }
    }
    throw busy()
  }

  async #spendOnce(signIn: SignInHandle, found: FoundRecord, lock: Lock, spend: Spend): Promise<Renewed> {
    const { records } = this.#parts
    const note = await records.begin(signIn)
    let spent: Spent
    try {
      spent = await spend(found)
    } catch (error) {
      const refused = error instanceof SessionEndedError
      const renewed = refused ? await this.#unlessEnded(signIn, found, { lock, note }, error) : undefined
      if (note !== undefined) await records.finish(signIn, note)
      if (renewed) return renewed
      throw error
    }
    const kept = await this.#save(signIn, found, spent)
    // What was begun before this one is over too: the record has changed.
    if (kept !== 'unsaved') await records.finish(signIn, kept === 'saved' ? undefined : note)
    if (kept === 'superseded') return this.#instead(signIn, found, spent)
    if ('failure' in spent) throw spent.failure
    return spent
  }

  async #save(
    signIn: SignInHandle,
    found: FoundRecord,
    spent: Spent,
  ): Promise<'saved' | 'unsaved' | 'superseded'> {
    const { records, copies, unsaved } = this.#parts
    const record = next(signIn, found, spent)
    try {
      const written = await records.replace(signIn, found.raw, record)
      if (written === undefined) return 'superseded'
      records.say('changed', signIn)
      copies.keep(signIn, { ...record, raw: written })
      return 'saved'
    } catch {
      // Nobody else has these tokens, and the old ones may be spent.
      unsaved.add(signIn, record, found.raw)
      return 'unsaved'
    }
  }

  /**
   * Another record stands where the new tokens should have gone: then it counts. Where the user has signed out in the meantime, what
   * has just been brought must not outlive that.
   */
  async #instead(signIn: SignInHandle, found: FoundRecord, spent: Spent): Promise<Renewed> {
    const { revoke } = this.#parts
    const since = performance.now()
    try {
      return this.#adopt(signIn, await this.#read(signIn), since)
    } catch (error) {
      const brought = 'verified' in spent ? spent.verified.tokens : spent.unverified
      const isNew = brought.refreshToken !== found.tokens.refreshToken
      if (error instanceof SessionEndedError && isNew) await revoke(brought).catch(() => undefined)
      throw error
    }
  }

  /**
   * Cognito refused the refresh token. That ends the sign-in only when nobody else can have used it: what is in the store may be newer
   * by now, or on its way there from a process that was faster, or that is paused. Gives what is there instead.
   */
  async #unlessEnded(
    signIn: SignInHandle,
    { raw }: FoundRecord,
    { lock, note }: { lock: Lock; note: string | undefined },
    error: SessionEndedError,
  ): Promise<Renewed | undefined> {
    const { records, copies } = this.#parts
    const isAlone = note !== undefined && (await lock.isHeld())
    const since = performance.now()
    const now = await this.#read(signIn)
    if (now.raw !== raw) return this.#adopt(signIn, now, since)
    if (!isAlone || !(await records.endIfStill(signIn, raw)))
      throw new UnavailableError(
        'Another process may have refreshed the tokens and not saved them yet.',
        error,
      )
    copies.ended(signIn.id)
    return undefined
  }

  /** The record, or what this process knows where the store has lost it. Rejects with SessionEndedError where there is none. */
  async #read(signIn: SignInHandle): Promise<FoundRecord> {
    const { records, unsaved } = this.#parts
    const found = unsaved.newest(signIn, await records.find(signIn))
    if (found && 'version' in found) return found
    throw new SessionEndedError('The user has signed out.')
  }

  #adopt(signIn: SignInHandle, found: FoundRecord, checkedAt: number): Renewed {
    const { copies, unsaved } = this.#parts
    return { adopted: unsaved.has(signIn) ? found.tokens : copies.keep(signIn, found, checkedAt).tokens }
  }
}

function next(
  signIn: SignInHandle,
  { tokens, refreshedAt, version }: FoundRecord,
  spent: Spent,
): SignInRecord {
  return 'verified' in spent
    ? { tokens: { ...spent.verified.tokens, signIn }, refreshedAt: Date.now(), version: version + 1 }
    : { tokens, unverified: spent.unverified, refreshedAt, version: version + 1 }
}

function busy(): UnavailableError {
  return new UnavailableError('Another process is still refreshing the tokens of this sign-in.', undefined, {
    retryAfterSeconds: 1,
  })
}
