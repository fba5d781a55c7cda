import { hash } from 'node:crypto'
import type { JwtPayload } from 'aws-jwt-verify/jwt-model'
import { LRUCache } from 'lru-cache'
import type { TokenRequirements } from './claims.ts'
import type { SigningKey, SigningKeys } from './signing-keys.ts'

/** A token whose form, issuer and signature were checked. */
export interface VerifiedToken {
  /** Frozen: every use of the token gets the same object. */
  readonly payload: JwtPayload
  readonly key: SigningKey
  /** The unchanging requirements that its claims met last; claims do not change either, so they meet them again. */
  met?: TokenRequirements
}

/**
 * Tokens whose signature and issuer this process has already checked, so that a token that comes again costs no
 * RSA. Time and revocation are checked at every use, and what a place requires of the claims once for each place.
 * The key is the SHA-256 of the whole token; a token is forgotten when its signing key leaves the JWKS. Bounded:
 * with a token of 1.2 kB an entry takes about 3 kB.
 */
export class VerifiedTokens {
  readonly #keys: SigningKeys
  readonly #tokens: LRUCache<string, VerifiedToken> | undefined
  /** The same by their claims, as long as anybody holds those. */
  readonly #byClaims = new WeakMap<object, VerifiedToken>()

  /** `max` tokens; 0 remembers none. */
  constructor(keys: SigningKeys, max: number) {
    this.#keys = keys
    this.#tokens = max > 0 ? new LRUCache({ max }) : undefined
  }

  get(token: string): VerifiedToken | undefined {
    if (!this.#tokens) return undefined
    const id = idOf(token)
    const known = this.#tokens.get(id)
    if (!known || this.#isTrusted(known)) return known
    this.#tokens.delete(id)
    return undefined
  }

  set(token: string, verified: VerifiedToken): void {
    // A key that has left the JWKS in the meantime vouches for nothing any more.
    if (!this.#tokens || !this.#isTrusted(verified)) return
    this.#tokens.set(idOf(token), verified)
    this.#byClaims.set(verified.payload, verified)
  }

  /** Whether these very claims came from here, and the key that vouches for them still counts. */
  has(claims: object): boolean {
    const known = this.#byClaims.get(claims)
    return known !== undefined && this.#isTrusted(known)
  }

  /** Whether the key that signed it is still in the JWKS. */
  #isTrusted({ key }: VerifiedToken): boolean {
    return this.#keys.find(key.kid) === key
  }
}

function idOf(token: string): string {
  return hash('sha256', token, 'base64')
}
