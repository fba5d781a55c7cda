import { CredentialsError, UnavailableError } from '../errors.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import { within } from '../lib/within.ts'
import { type CacheKey, namedKey, ownerKey, tokensKey } from './cache-key.ts'
import { areTokens, assertLogins, type Logins, providersOf, type Tokens, tokensOf } from './logins.ts'
import { type CredentialsOwner, fixedOwner } from './owner.ts'

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
 * Knows claimants by their logins, as they are at the moment of the call: what becomes of the app's objects while an answer
 * is on its way changes nobody's credentials. Keys of owners are worked out once: a hash over all claims costs more than all
 * the rest of a call that finds its credentials in the cache.
 */
export class Claimants {
  readonly #identityPoolId: string
  readonly #timeoutMs: number
  readonly #keys = new WeakMap<CredentialsOwner, Map<string, CacheKey>>()

  constructor({ identityPoolId, timeoutMs }: { identityPoolId: string; timeoutMs: number }) {
    this.#identityPoolId = identityPoolId
    this.#timeoutMs = timeoutMs
  }

  /**
   * By verified claims where there are some. Otherwise by the tokens themselves, for which functions must be asked at
   * once: who brings the same tokens is the same user, and nobody else. Throws CredentialsError for no logins.
   */
  of(given: Logins, owner: CredentialsOwner | undefined): Claimant | Promise<Claimant> {
    if (owner) return this.owned(given, owner)
    assertLogins(given)
    const logins = { ...given }
    return areTokens(logins)
      ? this.#byTokens(logins)
      : this.#tokens(logins).then((tokens) => this.#byTokens(tokens))
  }

  /** By verified claims. The tokens must speak of the same user. */
  owned(given: Logins, claimed: CredentialsOwner): Claimant {
    const owner = fixedOwner(claimed)
    const providers = providersOf(given)
    if (providers.length > 1) providers.sort()
    const logins = { ...given }
    return {
      key: (how) => this.#ownerKey(owner, how.length === 0 ? providers : [...providers, ...how]),
      tokens: async () => {
        const tokens = await this.#tokens(logins)
        for (const { iss, sub } of Object.values(tokens).map(userOf))
          if (iss === owner.issuer && sub !== owner.subject) throw anotherUser()
        return tokens
      },
      roles: owner.roles,
    }
  }

  /** By a name that is theirs alone. Functions among the logins must go on speaking of the same user. */
  named(given: Logins, name: string): Claimant {
    assertLogins(given)
    const logins = { ...given }
    let first: string | undefined
    return {
      key: (how) => namedKey(this.#identityPoolId, 'provider', [name], how),
      tokens: async () => {
        const tokens = await this.#tokens(logins)
        const users = JSON.stringify(
          Object.entries(tokens).map(([provider, token]) => [provider, userOf(token)]),
        )
        if (first !== undefined && users !== first) throw anotherUser()
        first = users
        return tokens
      },
      roles: undefined,
    }
  }

  #byTokens(tokens: Tokens): Claimant {
    return {
      key: (how) => tokensKey(this.#identityPoolId, tokens, how),
      tokens: () => tokensOf(tokens),
      roles: undefined,
    }
  }

  /** A function that never answers must not hold up everybody who waits for the same credentials. */
  #tokens(logins: Logins): Promise<Tokens> {
    return areTokens(logins)
      ? tokensOf(logins)
      : within(
          tokensOf(logins),
          this.#timeoutMs,
          () => new UnavailableError('A function that gives a login did not answer in time.'),
        )
  }

  #ownerKey(owner: CredentialsOwner, how: readonly string[]): CacheKey {
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

/** Whom a token speaks of, if it is a JWT; not verified, so good for refusing only. */
function userOf(token: string): { iss: unknown; sub: unknown } {
  const { iss, sub } = unverifiedPayload(token)
  return { iss, sub }
}

function anotherUser(): CredentialsError {
  return new CredentialsError(
    'refused',
    'A login gave the token of another user than the one whose credentials these are.',
  )
}
