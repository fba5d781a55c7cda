import { type CacheKey, namedKey, ownerKey, tokensKey } from './cache-key.ts'
import { areTokens, assertLogins, type Logins, providersOf, type Tokens, tokensOf } from './logins.ts'
import type { CredentialsOwner } from './owner.ts'

/** Who asks for credentials, and what proves it. */
export interface Claimant {
  /** Where their credentials are kept; `how` is what else chooses the role. */
  key: (how: readonly string[]) => CacheKey
  /** The tokens of their logins, now. */
  tokens: () => Promise<Tokens>
  /** `cognito:roles`, where verified claims say so. */
  roles: readonly string[] | undefined
}

/**
 * Knows claimants by their logins. Keys of owners that cannot change are worked out once: a hash over all claims costs
 * more than all the rest of a call that finds its credentials in the cache.
 */
export class Claimants {
  readonly #identityPoolId: string
  readonly #keys = new WeakMap<CredentialsOwner, Map<string, CacheKey>>()

  constructor(identityPoolId: string) {
    this.#identityPoolId = identityPoolId
  }

  /**
   * By verified claims where there are some. Otherwise by the tokens themselves, for which functions must be asked at
   * once: who brings the same tokens is the same user, and nobody else. Throws CredentialsError for no logins.
   */
  of(logins: Logins, owner: CredentialsOwner | undefined): Claimant | Promise<Claimant> {
    if (owner) return this.#byOwner(logins, owner)
    assertLogins(logins)
    return areTokens(logins)
      ? this.#byTokens(logins)
      : tokensOf(logins).then((tokens) => this.#byTokens(tokens))
  }

  /** By a name that is theirs alone. */
  named(logins: Logins, name: string): Claimant {
    assertLogins(logins)
    return {
      key: (how) => namedKey(this.#identityPoolId, 'provider', [name], how),
      tokens: () => tokensOf(logins),
      roles: undefined,
    }
  }

  #byOwner(logins: Logins, owner: CredentialsOwner): Claimant {
    const providers = providersOf(logins)
    if (providers.length > 1) providers.sort()
    return {
      key: (how) => this.#ownerKey(owner, how.length === 0 ? providers : [...providers, ...how]),
      tokens: () => tokensOf(logins),
      roles: owner.roles,
    }
  }

  #byTokens(tokens: Tokens): Claimant {
    return {
      key: (how) => tokensKey(this.#identityPoolId, tokens, how),
      tokens: () => tokensOf(tokens),
      roles: undefined,
    }
  }

  #ownerKey(owner: CredentialsOwner, how: readonly string[]): CacheKey {
    if (!Object.isFrozen(owner)) return ownerKey(this.#identityPoolId, owner, how)
    const keys = this.#keys.get(owner) ?? new Map<string, CacheKey>()
    this.#keys.set(owner, keys)
    const name = how.join('\n')
    const known = keys.get(name)
    if (known) return known
    const key = ownerKey(this.#identityPoolId, owner, how)
    // No more ways than a user has roles; an app that names others does not fill the memory.
    if (keys.size < MAX_KEYS) keys.set(name, key)
    return key
  }
}

const MAX_KEYS = 32
