import { LRUCache } from 'lru-cache'
import type { Claims, TokenRequirements } from './claims.ts'
import type { SigningKey, SigningKeys } from './signing-keys.ts'

/** A token whose form, issuer and signature were checked. */
export interface VerifiedToken<C extends Claims = Claims> {
  /** As it came, whole: the end of it finds the entry, and all of it must be the same. */
  readonly token: string
  /** Frozen: every use of the token gets the same object. */
  readonly claims: C
  readonly key: SigningKey
  /** The unchanging requirements that its claims met last; claims do not change either, so they meet them again. */
  met?: TokenRequirements
  /** What the first middleware made of it, known by its requirements: it is made once as long as the token is remembered. */
  caller?: { readonly of: TokenRequirements; readonly auth: unknown }
}

/**
 * How much of a token's end finds its entry: 256 bits of the signature, which no two tokens share. A token that shares
 * them with another is not the same token all the same. A hash of the whole would cost more than all other checks.
 */
const KEY_LENGTH = 43

/**
 * Tokens whose signature and issuer this process has already checked, so that a token that comes again costs no
 * RSA. Time and revocation are checked at every use, and what a place requires of the claims once for each place.
 * A token is forgotten when its signing key leaves the JWKS. Bounded: with a token of 1.2 kB an entry takes 2.4 kB, the
 * token itself among them, and with what `bearer()` keeps beside it 3 kB.
 */
export class VerifiedTokens {
  readonly #keys: SigningKeys
  readonly #tokens: LRUCache<string, VerifiedToken> | undefined
  /** Claims that somebody holds on to, with the key that vouches for them: they may outlive their place above. */
  readonly #held = new WeakMap<object, SigningKey>()

  /** `max` tokens; 0 remembers none. */
  constructor(keys: SigningKeys, max: number) {
    this.#keys = keys
    this.#tokens = max > 0 ? new LRUCache({ max }) : undefined
  }

  get(token: string): VerifiedToken | undefined {
    if (!this.#tokens) return undefined
    const id = token.slice(-KEY_LENGTH)
    const known = this.#tokens.get(id)
    if (known?.token !== token) return undefined
    if (this.#isTrusted(known.key)) return known
    this.#tokens.delete(id)
    return undefined
  }

  set(verified: VerifiedToken): void {
    // A key that has left the JWKS in the meantime vouches for nothing any more.
    if (!this.#tokens || !this.#isTrusted(verified.key)) return
    this.#tokens.set(verified.token.slice(-KEY_LENGTH), verified)
  }

  /** Whether the claims of a token are those that came from here, and the key that vouches for them still counts. */
  vouchesFor(claims: object, token: string): boolean {
    const key = this.#held.get(claims) ?? this.#hold(claims, token)
    return key !== undefined && this.#isTrusted(key)
  }

  #hold(claims: object, token: string): SigningKey | undefined {
    const known = this.get(token)
    if (known?.claims !== claims) return undefined
    this.#held.set(claims, known.key)
    return known.key
  }

  /** Whether a key is still in the JWKS. */
  #isTrusted(key: SigningKey): boolean {
    return this.#keys.find(key.kid) === key
  }
}
