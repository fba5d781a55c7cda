import { randomBytes } from 'node:crypto'
import { UnavailableError } from '../../errors.ts'
import { unverifiedPayload } from '../../lib/unverified.ts'
import { acquire, type Lock } from '../../shared-store/lock.ts'
import type { LimitedStore } from '../../shared-store/limited-store.ts'
import { type Place, SealedRecords } from '../../shared-store/sealed-records.ts'
import type { UserPoolConfiguration } from '../options.ts'
import type { SignInHandle } from '../sign-in-handle.ts'
import { areTokens, type Tokens } from '../tokens.ts'

/** What the shared store holds of one sign-in. */
export interface SignInRecord {
  /** The newest tokens that were verified. */
  readonly tokens: Tokens
  /** Tokens that a refresh brought and that could not be verified yet: with rotation those above are worth nothing any more. */
  readonly unverified?: Tokens | undefined
  /** When they were refreshed last, in milliseconds since the epoch, by the clock of whoever did. */
  readonly refreshedAt?: number | undefined
  /** Grows with every refresh: a store that loses its last write does not bring old tokens back. */
  readonly version: number
}

/** A record with the text that must still be there to replace it. */
export interface FoundRecord extends SignInRecord {
  readonly raw: string
}

/** What is in the place of a sign-in: its record, the note that it has ended, or what is neither. */
export type FoundInStore = FoundRecord | { ended: true } | { garbage: string } | undefined

/** How long one process may refresh before another one does, in milliseconds. */
export const LOCK_MS = 5_000
/** How long a refresh that nobody finished may still be saved by a process that was only paused. */
const INTERRUPTED_MS = 60_000
/** Longer than any process goes on with what it has not looked at again. */
const ENDED_MS = 15 * 60_000
const ENDED = 'ended'

/**
 * Sign-ins in the shared store, each a sealed record bound to pool, app client and user. A record is only ever replaced by
 * whoever has read what it replaces, and what has ended is marked, so that a slow request neither brings old tokens back nor undoes
 * a sign-out. Every method rejects with UnavailableError when the store fails.
 */
export class SignInRecords {
  readonly #store: LimitedStore
  readonly #records: SealedRecords
  readonly #validMs: number

  constructor(
    { issuer, clientId, sealingKeys, refreshTokenValidityDays }: UserPoolConfiguration,
    store: LimitedStore,
  ) {
    this.#store = store
    this.#records = new SealedRecords(store, { kind: 'sign-in', scope: [issuer, clientId], sealingKeys })
    this.#validMs = refreshTokenValidityDays * 86_400_000
  }

  /** Writes a record where there is none. `undefined`: there is one, or it has ended. */
  create(signIn: SignInHandle, record: SignInRecord): Promise<string | undefined> {
    return this.#write(signIn, record, null)
  }

  /** Writes a record in place of the one that was read. `undefined`: something else is there by now, or nothing. */
  replace(signIn: SignInHandle, raw: string, record: SignInRecord): Promise<string | undefined> {
    return this.#write(signIn, record, raw)
  }

  /**
   * The record, or what is there instead; `undefined` where there is nothing. Rejects with
   * UnavailableError for a record that this process cannot open: one with another key may.
   */
  async find(signIn: SignInHandle): Promise<FoundInStore> {
    const found = await this.#records.read(this.#place(signIn))
    if (!found) return undefined
    if (found.sealed && found.value === undefined)
      throw new UnavailableError(
        'The record of the sign-in was sealed with another key, or by another version.',
      )
    return found.value === ENDED ? { ended: true } : (toRecord(found, signIn) ?? { garbage: found.raw })
  }

  /** Marks a sign-in as ended, whatever is there. */
  async end(signIn: SignInHandle): Promise<void> {
    await this.#records.write(this.#place(signIn), ENDED, { ttlMs: ENDED_MS })
    this.say('ended', signIn)
  }

  /** Marks a sign-in as ended where the record is still the one that was read. */
  async endIfStill(signIn: SignInHandle, raw: string): Promise<boolean> {
    const written = await this.#records.write(this.#place(signIn), ENDED, { ttlMs: ENDED_MS, over: raw })
    if (written !== undefined) this.say('ended', signIn)
    return written !== undefined
  }

  /** For one refresh at a time. `undefined`: another one is under way. */
  lock(signIn: SignInHandle): Promise<Lock | undefined> {
    return acquire(this.#store, this.#lockKey(signIn), LOCK_MS)
  }

  /**
   * Notes that a refresh has begun: the name of the note. `undefined`: an earlier one began, and whoever began it has not come back
   * from it.
   */
  async begin(signIn: SignInHandle): Promise<string | undefined> {
    const name = randomBytes(16).toString('base64url')
    const options = { ttlMs: INTERRUPTED_MS, expected: null }
    return (await this.#store.set(this.#noteKey(signIn), name, options)) ? name : undefined
  }

  /** Takes that note away, or any, where what it is about is over. */
  async finish(signIn: SignInHandle, name?: string): Promise<void> {
    await this.#store.delete(this.#noteKey(signIn), { expected: name }).catch(() => undefined)
  }

  /** Tells every process. */
  say(what: 'changed' | 'ended', { id }: SignInHandle): void {
    this.#store.publish(`${what} ${id}`)
  }

  #place({ id, sub }: SignInHandle): Place {
    return this.#records.place(id, sub)
  }

  #lockKey(signIn: SignInHandle): string {
    return `${this.#place(signIn).key}:lock`
  }

  #noteKey(signIn: SignInHandle): string {
    return `${this.#place(signIn).key}:refreshing`
  }

  #write(
    signIn: SignInHandle,
    { tokens, unverified, refreshedAt, version }: SignInRecord,
    over: string | null,
  ): Promise<string | undefined> {
    const value = { tokens: plain(tokens), unverified: unverified && plain(unverified), refreshedAt, version }
    return this.#records.write(this.#place(signIn), value, { ttlMs: this.#ttlMs(tokens), over })
  }

  /** As long as Cognito takes the refresh token, or the ID token where there is none. A rotated one lives no longer than the first. */
  #ttlMs({ refreshToken, idToken }: Tokens): number {
    const { auth_time: signedInAt, exp } = unverifiedPayload(idToken)
    const until = refreshToken === undefined ? Number(exp) * 1000 : Number(signedInAt) * 1000 + this.#validMs
    const rest = until - Date.now()
    // A clock that is wrong must not end anything.
    return rest > 0 && rest <= this.#validMs ? rest : this.#validMs
  }
}

/** All of the tokens: the JSON of those that have a handle is the handle alone. */
function plain({ signIn: _, ...tokens }: Tokens): Omit<Tokens, 'signIn'> {
  return tokens
}

function toRecord(
  { value, raw }: { value: unknown; raw: string },
  signIn: SignInHandle,
): FoundRecord | undefined {
  const { tokens, unverified, refreshedAt, version } = Object(value) as Partial<SignInRecord>
  if (!areTokens(tokens) || (unverified !== undefined && !areTokens(unverified))) return undefined
  if (typeof version !== 'number') return undefined
  return { tokens: { ...tokens, signIn }, unverified, refreshedAt, version, raw }
}
