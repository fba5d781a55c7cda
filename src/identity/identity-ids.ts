import { LRUCache } from 'lru-cache'
import { UnavailableError } from '../errors.ts'
import { SingleFlight } from '../lib/single-flight.ts'
import { type CacheKey, isOfOneIssuer } from './cache-key.ts'
import type { SharedIdentityIds } from './shared-identity-ids.ts'

/** About 250 bytes each, so some 12 MB when full. */
const MAX_USERS = 50_000
/** As many as there are credentials, by default. */
const MAX_SUBJECTS = 10_000
/** How long it is held against a second user of an issuer that a first one had the same identity. */
const SUBJECT_TTL_MS = 24 * 3_600_000

/** By size instead of `max`, for which memory is taken at once. */
const sizeCalculation = () => 1

/**
 * Whose identity is which, for much longer than any credentials last: GetId is the call with the smallest quota, and its
 * answer does not change. Whoever asks while GetId is under way shares it.
 */
export class IdentityIds {
  readonly #ids = new LRUCache<string, string>({ maxSize: MAX_USERS, sizeCalculation })
  readonly #subjects = new LRUCache<string, string>({
    maxSize: MAX_SUBJECTS,
    sizeCalculation,
    ttl: SUBJECT_TTL_MS,
  })
  readonly #loads = new SingleFlight<string>()
  readonly #shared: SharedIdentityIds | undefined

  /** With `shared`, what other processes know counts here as well. */
  constructor(shared?: SharedIdentityIds) {
    this.#shared = shared
  }

  /** The identity of a user as far as this process, or another one, knows it. */
  known(key: CacheKey): string | Promise<string | undefined> | undefined {
    return this.#ids.get(key.user) ?? this.#shared?.get(key).then((found) => this.#adopted(key, found))
  }

  /** The identity of a user: the known one, or what `load` brings. */
  async of(key: CacheKey, load: () => Promise<string>): Promise<string> {
    const { user } = key
    const known = this.#ids.get(user)
    if (known !== undefined) return known
    return this.#loads.run(user, () => this.#load(key, load))
  }

  /**
   * Notes the identity that the service answered with, for all processes. One identity never belongs to two users of one
   * issuer, so an answer that says so is not believed: throws {@link UnavailableError}.
   */
  note(key: CacheKey, identityId: string): void {
    const isNew = this.#ids.get(key.user) !== identityId
    if (!this.adopt(key, identityId))
      throw new UnavailableError('The identity pool answered with the identity of another user.')
    if (isNew) this.#shared?.keep(key, identityId)
  }

  /** Notes the identity of a user for this process, unless it is that of another user of the same issuer. */
  adopt({ user, subject }: CacheKey, identityId: string): boolean {
    if (subject !== undefined) {
      const known = this.#subjects.get(identityId)
      if (known !== undefined && known !== subject && isOfOneIssuer(known, subject)) return false
      if (known === undefined) this.#subjects.set(identityId, subject)
    }
    this.#ids.set(user, identityId)
    return true
  }

  /** A refused identity may be gone, or merged away: the next call asks again. */
  forget(key: CacheKey): void {
    this.#ids.delete(key.user)
    this.#shared?.forget(key)
  }

  #adopted(key: CacheKey, identityId: string | undefined): string | undefined {
    return identityId !== undefined && this.adopt(key, identityId) ? identityId : undefined
  }

  async #load(key: CacheKey, load: () => Promise<string>): Promise<string> {
    const identityId = await load()
    this.note(key, identityId)
    return identityId
  }
}
