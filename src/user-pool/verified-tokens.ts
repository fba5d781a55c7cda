import { hash } from 'node:crypto'
import type { JwtPayload } from 'aws-jwt-verify/jwt-model'
import { LRUCache } from 'lru-cache'
import type { PoolKeys } from './jwks.ts'

interface VerifiedToken {
  payload: JwtPayload
  kid: string
  /** The modulus of the key that signed it. */
  modulus: unknown
}

/**
 * Tokens whose signature and issuer this process has already checked, so that a token that comes again costs no
 * RSA. Nothing else is remembered: time, token use, client, scopes and groups are checked at every use. The key
 * is the SHA-256 of the whole token; a token is forgotten when its signing key leaves the JWKS. Bounded: with a
 * token of 1.2 kB an entry takes about 3 kB.
 */
export class VerifiedTokens {
  readonly #keys: PoolKeys
  readonly #tokens: LRUCache<string, VerifiedToken> | undefined

  /** `max` tokens; 0 remembers none. */
  constructor(keys: PoolKeys, max: number) {
    this.#keys = keys
    this.#tokens = max > 0 ? new LRUCache({ max }) : undefined
  }

  get(token: string): JwtPayload | undefined {
    if (!this.#tokens) return undefined
    const id = idOf(token)
    const known = this.#tokens.get(id)
    if (!known) return undefined
    const key = this.#keys.find(known.kid)
    if (key && key.n === known.modulus) return known.payload
    this.#tokens.delete(id)
    return undefined
  }

  /** `payload` must be frozen: every later use gets the same object. */
  set(token: string, kid: string, payload: JwtPayload): void {
    const key = this.#keys.find(kid)
    // A key that has left the JWKS in the meantime vouches for nothing any more.
    if (key) this.#tokens?.set(idOf(token), { payload, kid, modulus: key.n })
  }
}

function idOf(token: string): string {
  return hash('sha256', token, 'base64')
}
