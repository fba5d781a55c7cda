import { createHash } from 'node:crypto'
import type { Tokens } from './logins.ts'
import { assertOwner, type CredentialsOwner } from './owner.ts'

/** Where a user's credentials are kept: hashes, so that no token or name is held as a key. */
export interface CacheKey {
  /** Whose they are. */
  readonly user: string
  /** Under which role, of those of the user; begins with `user`. */
  readonly id: string
  /** Who the user is at their issuer, whatever the client: {@link isOfOneIssuer} compares. */
  readonly subject?: string
}

/**
 * The key of verified claims. `how` is what else chooses the role: providers, a custom role, a flow. Throws TypeError
 * for an owner without one of its parts.
 */
export function ownerKey(identityPoolId: string, owner: CredentialsOwner, how: readonly string[]): CacheKey {
  assertOwner(owner)
  const { issuer, clientId, subject, role } = owner
  return {
    ...toKey([identityPoolId, issuer, clientId, subject], [role, ...how]),
    subject: text(hash([issuer]), hash([subject])),
  }
}

/** Without verified claims the tokens themselves are the key: who brings the same tokens is the same user. */
export function tokensKey(identityPoolId: string, tokens: Tokens, how: readonly string[]): CacheKey {
  const entries = Object.entries(tokens).sort(([a], [b]) => (a < b ? -1 : 1))
  return toKey([identityPoolId, 'tokens', ...entries.flat()], how)
}

/** Of a guest, a user of the app's own, or one provider object: `kind` keeps them apart. */
export function namedKey(
  identityPoolId: string,
  kind: 'guest' | 'developer' | 'provider',
  name: readonly string[],
  how: readonly string[],
): CacheKey {
  return toKey([identityPoolId, kind, ...name], how)
}

/** Whether two `subject`s are of the same issuer. */
export function isOfOneIssuer(subject: string, other: string): boolean {
  return subject.slice(0, HASH_CHARACTERS) === other.slice(0, HASH_CHARACTERS)
}

function toKey(whose: readonly string[], how: readonly string[]): CacheKey {
  const user = hash(whose)
  return { user: text(user), id: text(user, hash(how)) }
}

/** 192 bits: nobody finds two of the same, and in base64 they end between two characters. */
const HASH_BYTES = 24
const HASH_CHARACTERS = 32

function hash(parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, HASH_BYTES)
}

/** One string of its own: two that are put together later take three times the memory, once for each user. */
function text(...hashes: Buffer[]): string {
  return Buffer.concat(hashes).toString('base64url')
}
