import { createHash } from 'node:crypto'
import type { Tokens } from './logins.ts'
import { assertOwner, type CredentialsOwner } from './owner.ts'

/** Where a user's credentials are kept: hashes, so that no token or name is held as a key. */
export interface CacheKey {
  /** Whose they are. */
  readonly user: string
  /** Under which role, of those of the user. */
  readonly role: string
  /** `ISSUER#USER`, both hashes: who the user is there, whatever the client. */
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
    user: hash([identityPoolId, issuer, clientId, subject]),
    role: hash([role, ...how]),
    subject: `${hash([issuer]).slice(0, 22)}#${hash([subject]).slice(0, 22)}`,
  }
}

/** Without verified claims the tokens themselves are the key: who brings the same tokens is the same user. */
export function tokensKey(identityPoolId: string, tokens: Tokens, how: readonly string[]): CacheKey {
  const entries = Object.entries(tokens).sort(([a], [b]) => (a < b ? -1 : 1))
  return { user: hash([identityPoolId, 'tokens', ...entries.flat()]), role: hash(how) }
}

/** Of a guest, a user of the app's own, or one provider object: `kind` keeps them apart. */
export function namedKey(
  identityPoolId: string,
  kind: 'guest' | 'developer' | 'provider',
  name: readonly string[],
  how: readonly string[],
): CacheKey {
  return { user: hash([identityPoolId, kind, ...name]), role: hash(how) }
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
