import { SessionEndedError, UnavailableError } from '../errors.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import { acquire, type Lock } from '../shared-store/lock.ts'
import type { LimitedStore } from '../shared-store/limited-store.ts'
import { type Found, type Place, SealedRecords } from '../shared-store/sealed-records.ts'
import type { UserPoolConfiguration } from './options.ts'
import type { SignInHandle } from './sign-in-handle.ts'
import { areTokens, type Tokens } from './tokens.ts'

/** What the shared store holds of one sign-in. */
export interface SignInRecord {
  /** The newest tokens that were verified. */
  readonly tokens: Tokens
  /** Tokens that a refresh brought and that could not be verified yet: with rotation those above are worth nothing any more. */
  readonly unverified?: Tokens | undefined
}

/** A record with the text that must still be there to replace it. */
export interface FoundRecord extends SignInRecord {
  readonly raw: string
}

/** A refresh takes no longer; a process that died in the middle of one holds the others up for this long, in milliseconds. */
export const LOCK_MS = 5_000
/** How long a refresh that nobody finished may still be saved by a process that was only paused. */
const INTERRUPTED_MS = 60_000

/**
 * Sign-ins in the shared store, each a sealed record bound to pool, app client and user. A record is only ever replaced by
 * whoever has read what it replaces, and never made again after it was deleted, so that a slow request neither brings old tokens
 * back nor undoes a sign-out. Every method rejects with UnavailableError when the store fails.
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

  /** Writes a record where there is none. `undefined`: there is one. */
  create(signIn: SignInHandle, record: SignInRecord): Promise<string | undefined> {
    return this.#write(signIn, record, null)
  }

  /** Writes a record in place of the one that was read. `undefined`: something else is there by now, or nothing. */
  replace(signIn: SignInHandle, raw: string, record: SignInRecord): Promise<string | undefined> {
    return this.#write(signIn, record, raw)
  }

  /** The record; `undefined` where there is none, `unreadable` for what cannot be opened or is no record. */
  async find(signIn: SignInHandle): Promise<FoundRecord | 'unreadable' | undefined> {
    const found = await this.#records.read(this.#place(signIn))
    return found && (toRecord(found, signIn) ?? 'unreadable')
  }

  /** The record. Rejects with {@link SessionEndedError} where there is none. */
  async read(signIn: SignInHandle): Promise<FoundRecord> {
    const found = await this.find(signIn)
    if (!found) throw new SessionEndedError('The user has signed out.')
    if (found === 'unreadable') throw new UnavailableError('The record of the sign-in cannot be read.')
    return found
  }

  /** Deletes a record, or only the one that was read. */
  async delete(signIn: SignInHandle, raw?: string): Promise<void> {
    await this.#store.delete(this.#place(signIn).key, { expected: raw })
  }

  /** For one refresh at a time. `undefined`: another one is under way. */
  lock(signIn: SignInHandle): Promise<Lock | undefined> {
    return acquire(this.#store, `${this.#place(signIn).key}:lock`, LOCK_MS)
  }

  /** Notes that a refresh has begun. `false`: an earlier one began, and whoever began it has not come back from it. */
  begin(signIn: SignInHandle): Promise<boolean> {
    return this.#store.set(this.#mark(signIn), '1', { ttlMs: INTERRUPTED_MS, expected: null })
  }

  /** Notes that no refresh is under way. */
  async finish(signIn: SignInHandle): Promise<void> {
    await this.#store.delete(this.#mark(signIn)).catch(() => undefined)
  }

  /** Tells every process. */
  say(what: 'changed' | 'ended', { id }: SignInHandle): void {
    this.#store.publish(`${what} ${id}`)
  }

  #place({ id, sub }: SignInHandle): Place {
    return this.#records.place(id, sub)
  }

  #mark(signIn: SignInHandle): string {
    return `${this.#place(signIn).key}:refreshing`
  }

  #write(
    signIn: SignInHandle,
    { tokens, unverified }: SignInRecord,
    over: string | null,
  ): Promise<string | undefined> {
    const value = { tokens: plain(tokens), unverified: unverified && plain(unverified) }
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

function toRecord({ value, raw }: Found, signIn: SignInHandle): FoundRecord | undefined {
  const { tokens, unverified } = Object(value) as Partial<Record<keyof SignInRecord, unknown>>
  if (!areTokens(tokens) || (unverified !== undefined && !areTokens(unverified))) return undefined
  return { tokens: { ...tokens, signIn }, unverified, raw }
}
