import { LRUCache } from 'lru-cache'
import { CognitoError, CredentialsError, UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import { Events } from '../lib/events.ts'
import { SingleFlight } from '../lib/single-flight.ts'
import { RECHECK_MS } from '../shared-store/freshness.ts'
import type { CacheKey } from './cache-key.ts'
import type { CognitoIdentityCredentials } from './credentials.ts'
import { emptyEntry, type Entry, failureOf, fill, left, passed, URGENT_MS } from './credentials-entry.ts'
import type { SharedCredentials } from './shared-credentials.ts'

/** Credentials of another process count for so much less: its clock may be another. */
const CLOCK_MARGIN_MS = 5 * 60_000

/** Fetches credentials: the enhanced or the classic flow, with the tokens of whoever asks. */
export type Load = () => Promise<CognitoIdentityCredentials>

/** What the channel `passport-cognito-identity:credentials` says. */
export interface CredentialsEvent {
  type: 'hit' | 'loaded' | 'adopted' | 'renewed' | 'served_while_renewal_fails' | 'refused' | 'failed'
  identityPoolId: string
  /** Of this package, or the names alone of what the app's own functions threw, which may hold tokens. */
  error?: Error
}

/**
 * Credentials per user, and per role of that user. Bounded; whoever asks while a load is under way shares it.
 * Five minutes before they expire they are renewed, by the next who asks, in the background, while the old ones are
 * given out. An entry is only ever filled by the load that it started, so a purge cannot be undone by an answer that was
 * still on its way.
 */
export class CredentialsCache {
  readonly #entries: LRUCache<string, Entry>
  readonly #identityPoolId: string
  readonly #shared: SharedCredentials | undefined
  readonly #checks = new SingleFlight<CognitoIdentityCredentials>()
  readonly #events = new Events<CredentialsEvent>('credentials')

  /** With `shared`, what other processes fetch counts here as well. */
  constructor(
    { maxEntries, identityPoolId }: { maxEntries: number; identityPoolId: string },
    shared?: SharedCredentials,
  ) {
    this.#shared = shared
    // By size instead of `max`, for which memory is taken at once.
    this.#entries = new LRUCache({ maxSize: maxEntries, sizeCalculation: () => 1 })
    this.#identityPoolId = identityPoolId
  }

  /** How many are kept. */
  get size(): number {
    return this.#entries.size
  }

  /** Credentials that have not expired: the known ones at once, or what `load` brings. Rejects with what `load` rejected with. */
  get(key: CacheKey, load: Load): CognitoIdentityCredentials | Promise<CognitoIdentityCredentials> {
    const { id } = key
    const known = this.#entries.get(id)
    if (known?.credentials && passed(known.loaded) < known.freshMs) {
      if (this.#shared && performance.now() - known.checkedAt >= RECHECK_MS)
        return this.#checks.run(id, () => this.#check(key, known, load))
      this.#say('hit')
      return known.credentials
    }
    const entry = known ?? emptyEntry()
    if (!known) this.#entries.set(id, entry)
    return this.#renewed(key, entry, load)
  }

  /** Forgets the credentials of a user. Loads under way still answer those who wait for them, and nobody else. */
  forget(user: string): void {
    this.forgetHere(user)
    this.#shared?.forget(user)
  }

  /** What another process forgot. */
  forgetHere(user: string): void {
    for (const id of [...this.#entries.keys()]) if (id.startsWith(user)) this.#entries.delete(id)
  }

  /** Keeps what comes from elsewhere, unless the user was forgotten in the meantime: to be asked before it is fetched. */
  keeper({ id }: CacheKey): (credentials: CognitoIdentityCredentials) => void {
    const entry = this.#entries.get(id) ?? emptyEntry()
    this.#entries.set(id, entry)
    return (credentials) => {
      if (this.#entries.peek(id) === entry) fill(entry, credentials)
    }
  }

  /** Whether what this process has is what the others have. While the store cannot be reached, it counts. */
  async #check(key: CacheKey, entry: Entry, load: Load): Promise<CognitoIdentityCredentials> {
    const { credentials } = entry
    if (!credentials) return this.get(key, load)
    const checkedAt = performance.now()
    const found = (await this.#shared?.check(key, credentials).catch(() => undefined)) ?? credentials
    if (found === 'forgotten') {
      if (this.#entries.peek(key.id) === entry) this.#entries.delete(key.id)
      return this.get(key, load)
    }
    if (found === 'same') entry.checkedAt = checkedAt
    else if (found !== credentials) fill(entry, found, CLOCK_MARGIN_MS)
    return entry.credentials ?? this.get(key, load)
  }

  async #renewed(key: CacheKey, entry: Entry, load: Load): Promise<CognitoIdentityCredentials> {
    const { credentials } = entry
    const waits = entry.failure && performance.now() < entry.failure.until
    if (credentials && left(entry) > URGENT_MS) {
      if (!waits) this.#load(key, entry, load).catch(() => undefined)
      return credentials
    }
    try {
      if (waits) throw entry.failure?.error
      return await this.#loadOrJoin(key, entry, load)
    } catch (error) {
      if (!credentials || isRefusal(error) || left(entry) <= 0) throw error
      this.#say('served_while_renewal_fails', error)
      return credentials
    }
  }

  /** Who only joined a load that was refused tries once with their own tokens: the others' may have been worse. */
  async #loadOrJoin(key: CacheKey, entry: Entry, load: Load): Promise<CognitoIdentityCredentials> {
    const joined = entry.loading !== undefined
    try {
      return await this.#load(key, entry, load)
    } catch (error) {
      if (!joined || error instanceof UnavailableError) throw error
      return this.#load(key, entry, load)
    }
  }

  #load(key: CacheKey, entry: Entry, load: Load): Promise<CognitoIdentityCredentials> {
    return (entry.loading ??= this.#fill(key, entry, load).finally(() => (entry.loading = undefined)))
  }

  async #fill(key: CacheKey, entry: Entry, load: Load): Promise<CognitoIdentityCredentials> {
    try {
      const { credentials, adopted } = this.#shared
        ? await this.#shared.load(key, entry.credentials, load)
        : { credentials: await load(), adopted: false }
      this.#say(adopted ? 'adopted' : entry.credentials ? 'renewed' : 'loaded')
      fill(entry, credentials, adopted ? CLOCK_MARGIN_MS : 0)
      return credentials
    } catch (error) {
      if (isRefusal(error)) this.#purge(key, entry, error)
      // What the app's own functions throw is about one caller. A pool that is not set up well answers as quickly as one
      // that is: only renewals must not hammer it.
      else if (error instanceof UnavailableError || (entry.credentials && error instanceof CredentialsError))
        entry.failure = failureOf(entry, error)
      this.#say(isRefusal(error) ? 'refused' : 'failed', error)
      throw error
    }
  }

  /** A user who is refused is refused in every role; a role that they may not have says nothing about the others. */
  #purge({ id, user }: CacheKey, entry: Entry, { reason }: CredentialsError): void {
    entry.credentials = undefined
    if (reason === 'refused') this.forget(user)
    else if (this.#entries.peek(id) === entry) this.#entries.delete(id)
  }

  #say(type: CredentialsEvent['type'], error?: unknown): void {
    this.#events.publish({
      type,
      identityPoolId: this.#identityPoolId,
      ...(error !== undefined && { error: error instanceof CognitoError ? error : summarise(error) }),
    })
  }
}

/** The user is refused, for good. A pool that is not set up well may be put right while the old credentials last. */
function isRefusal(error: unknown): error is CredentialsError {
  return error instanceof CredentialsError && error.reason !== 'misconfigured'
}
