import { LRUCache } from 'lru-cache'
import { CognitoError, CredentialsError, UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import { Events } from '../lib/events.ts'
import type { CacheKey } from './cache-key.ts'
import type { CognitoIdentityCredentials } from './credentials.ts'

/** The AWS SDK asks again from this point on, and then at every request. */
const RENEW_BEFORE_MS = 5 * 60_000
/** Renewals begin at a random moment of this span, so that a crowd that expires together does not call together. */
const SPREAD_MS = 90_000
/** Later than this nobody is given the old ones without an attempt to get new ones. */
const URGENT_MS = 60_000
/** After a failure the same answer is given for this long, so that a fault is not multiplied by all who wait. */
const BACK_OFF_MS = 1_000
/** While the old ones are still good there is more time. */
const LONGEST_BACK_OFF_MS = 30_000

/** Fetches credentials: the enhanced or the classic flow, with the tokens of whoever asks. */
export type Load = () => Promise<CognitoIdentityCredentials>

interface Entry {
  credentials: CognitoIdentityCredentials | undefined
  loaded: Moment
  /** Milliseconds from then until they expire. */
  lifeMs: number
  /** Milliseconds from then until they are to be renewed. */
  freshMs: number
  loading: Promise<CognitoIdentityCredentials> | undefined
  failure: { error: unknown; until: number; count: number } | undefined
}

/**
 * A point in time by the wall clock and by the one that nobody sets. Of what has passed since, the larger counts: a clock
 * that is set back gives no credentials a longer life.
 */
interface Moment {
  readonly wall: number
  readonly tick: number
}

/** What the channel `passport-cognito-identity:credentials` says. */
export interface CredentialsEvent {
  type: 'hit' | 'loaded' | 'renewed' | 'served_while_renewal_fails' | 'refused' | 'failed'
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
  readonly #events = new Events<CredentialsEvent>('credentials')

  constructor({ maxEntries, identityPoolId }: { maxEntries: number; identityPoolId: string }) {
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
      this.#say('hit')
      return known.credentials
    }
    const entry = known ?? emptyEntry()
    if (!known) this.#entries.set(id, entry)
    return this.#renewed(key, entry, load)
  }

  /** Forgets the credentials of a user. Loads under way still answer those who wait for them, and nobody else. */
  forget(user: string): void {
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
      const credentials = await load()
      this.#say(entry.credentials ? 'renewed' : 'loaded')
      fill(entry, credentials)
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

function emptyEntry(): Entry {
  // All that it will ever have: what is added later takes more memory.
  return {
    credentials: undefined,
    loaded: { wall: 0, tick: 0 },
    lifeMs: 0,
    freshMs: 0,
    loading: undefined,
    failure: undefined,
  }
}

function fill(entry: Entry, credentials: CognitoIdentityCredentials): void {
  const wall = Date.now()
  entry.credentials = credentials
  // Whole milliseconds: fractions are objects, one for each user.
  entry.loaded = { wall, tick: Math.round(performance.now()) }
  entry.lifeMs = credentials.expiration.getTime() - wall
  const freshMs = Math.round(entry.lifeMs - RENEW_BEFORE_MS + Math.random() * SPREAD_MS)
  // Those that live for minutes only would be fetched at every ask.
  entry.freshMs = Math.max(freshMs, Math.min(BACK_OFF_MS, Math.round(entry.lifeMs / 2)))
  entry.failure = undefined
}

/** Milliseconds since then, by the clock that says more. */
function passed({ wall, tick }: Moment): number {
  return Math.max(Date.now() - wall, performance.now() - tick)
}

/** Milliseconds until the credentials expire. */
function left({ loaded, lifeMs }: Entry): number {
  return lifeMs - passed(loaded)
}

/** The user is refused, for good. A pool that is not set up well may be put right while the old credentials last. */
function isRefusal(error: unknown): error is CredentialsError {
  return error instanceof CredentialsError && error.reason !== 'misconfigured'
}

/** While the old ones last the waits grow, with full jitter, but not into their last minute. */
function failureOf(entry: Entry, error: unknown): NonNullable<Entry['failure']> {
  const count = (entry.failure?.count ?? 0) + 1
  const grown = Math.min(LONGEST_BACK_OFF_MS, BACK_OFF_MS * 2 ** count)
  const room = entry.credentials ? left(entry) - URGENT_MS : 0
  const wait = Math.min(BACK_OFF_MS + Math.random() * (grown - BACK_OFF_MS), Math.max(BACK_OFF_MS, room))
  return { error, until: performance.now() + wait, count }
}
