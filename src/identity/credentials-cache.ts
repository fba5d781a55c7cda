import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { CredentialsError } from '../errors.ts'
import {
  type CognitoIdentityCredentials,
  type CredentialsOwner,
  handOut,
  type Logins,
} from './credentials.ts'

/** About 3 kB each with the session token: some 30 MB when full. */
const MAX_ENTRIES = 10_000
/** The AWS SDK renews at the same point, so what we hand out is never asked for again at once. */
const RENEW_BEFORE_MS = 5 * 60_000

interface Entry {
  credentials?: CognitoIdentityCredentials
  loading?: Promise<CognitoIdentityCredentials> | undefined
}

/**
 * Credentials per user, and per role of that user. Bounded; whoever asks while a load is under way shares it;
 * failures are not remembered. An entry is only ever filled by the load that it started, so a purge cannot be
 * undone by an answer that was still on its way.
 */
export class CredentialsCache {
  readonly #entries = new LRUCache<string, Entry>({ max: MAX_ENTRIES })
  readonly #identityIds = new LRUCache<string, string>({ max: MAX_ENTRIES })

  /**
   * Credentials with five minutes or more to live, or what `load` brings. `load` gets the identity id if it is
   * known.
   */
  async get(
    key: CacheKey,
    load: (identityId: string | undefined) => Promise<CognitoIdentityCredentials>,
  ): Promise<CognitoIdentityCredentials> {
    const id = `${key.user}:${key.role}`
    const entry = this.#entries.get(id) ?? {}
    if (entry.credentials && entry.credentials.expiration.getTime() - Date.now() >= RENEW_BEFORE_MS)
      return handOut(entry.credentials)
    this.#entries.set(id, entry)
    entry.loading ??= this.#load(key, entry, load).finally(() => (entry.loading = undefined))
    return handOut(await entry.loading)
  }

  /** Forgets everything about a user. Loads under way still answer those who wait for them, and nobody else. */
  forget(user: string): void {
    this.#identityIds.delete(user)
    for (const id of [...this.#entries.keys()]) if (id.startsWith(`${user}:`)) this.#entries.delete(id)
  }

  async #load(
    key: CacheKey,
    entry: Entry,
    load: (identityId: string | undefined) => Promise<CognitoIdentityCredentials>,
  ): Promise<CognitoIdentityCredentials> {
    try {
      const credentials = await load(this.#identityIds.get(key.user))
      entry.credentials = credentials
      this.#identityIds.set(key.user, credentials.identityId)
      return credentials
    } catch (error) {
      // A refused identity may be gone (deleted, merged away): the next ask starts from GetId. A fault says
      // nothing about it.
      if (error instanceof CredentialsError) this.#identityIds.delete(key.user)
      throw error
    }
  }
}

/** Where a user's credentials are kept: hashes, so that no token or name is held as a key. */
export interface CacheKey {
  user: string
  role: string
}

/** The key of verified claims. Every part must be there: two users without a subject would be one. */
export function ownerKey(
  identityPoolId: string,
  { issuer, clientId, subject, role }: CredentialsOwner,
  logins: Logins,
): CacheKey {
  const user = [identityPoolId, issuer, clientId, subject]
  if (typeof role !== 'string' || user.some((part) => typeof part !== 'string' || part === ''))
    throw new TypeError('A credentials owner needs all its parts')
  return { user: hash(user), role: hash([role, ...Object.keys(logins).sort()]) }
}

/** Without verified claims the tokens themselves are the key: who brings the same tokens is the same user. */
export function loginsKey(identityPoolId: string, logins: Logins): CacheKey {
  const entries = Object.entries(logins).sort(([a], [b]) => (a < b ? -1 : 1))
  return { user: hash([identityPoolId, ...entries.flat()]), role: '' }
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
