import { type Jwk, type Jwks, type JwksCache, type JwkWithKid, isJwks } from 'aws-jwt-verify/jwk'
import { InvalidTokenError, UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import type { Fetch } from '../lib/limited-fetch.ts'

/** An unknown `kid` causes at most one fetch in this time. */
const REFETCH_AFTER_MS = 10_000
/** Without any key nothing can be verified, so the first fetch is repeated sooner. */
const RETRY_AFTER_MS = 1_000

type SignedJwt = { header: { kid?: string } }

/**
 * The signing keys of one user pool, as aws-jwt-verify asks for them. Fetched once, at the first token; fetched
 * again only when a token names an unknown `kid`, and then within a budget. A fetch that fails or brings no
 * keys leaves the known keys in place.
 */
export class PoolKeys implements JwksCache {
  readonly #fetch: Fetch
  #keys: ReadonlyMap<string, JwkWithKid> = new Map()
  #loading: Promise<void> | undefined
  #lastFailed = false
  #nextFetchAt = 0

  constructor(fetch: Fetch) {
    this.#fetch = fetch
  }

  /**
   * Rejects with {@link InvalidTokenError} for a `kid` that the pool does not have, {@link UnavailableError}
   * when that cannot be told.
   */
  async getJwk(jwksUri: string, jwt: SignedJwt): Promise<JwkWithKid> {
    const known = this.find(jwt.header.kid)
    if (known) return known
    // A fetch that is already under way may bring the key; joining it costs nothing.
    if (this.#loading !== undefined || Date.now() >= this.#nextFetchAt) await this.getJwks(jwksUri)
    else if (this.#lastFailed)
      throw new UnavailableError('The signing keys of the user pool could not be fetched.')
    return this.getCachedJwk(jwksUri, jwt)
  }

  getCachedJwk(_jwksUri: string, jwt: SignedJwt): JwkWithKid {
    const key = this.find(jwt.header.kid)
    if (!key)
      throw new InvalidTokenError(
        'unknown_key',
        'The token is signed with a key that is not in the JWKS of the user pool.',
      )
    return key
  }

  addJwks(_jwksUri: string, jwks: Jwks): void {
    const keys = jwks.keys.filter((key): key is JwkWithKid => typeof key.kid === 'string')
    if (keys.length === 0) throw new TypeError('The JWKS holds no key')
    this.#keys = new Map(keys.map((key) => [key.kid, key]))
  }

  async getJwks(jwksUri: string): Promise<Jwks> {
    await (this.#loading ??= this.#load(jwksUri).finally(() => (this.#loading = undefined)))
    return { keys: [...this.#keys.values()] as Jwk[] }
  }

  async #load(jwksUri: string): Promise<void> {
    try {
      const response = await this.#fetch(jwksUri, {
        redirect: 'error',
        headers: { accept: 'application/json' },
      })
      if (!response.ok) throw new TypeError(`HTTP ${response.status}`)
      const jwks: unknown = await response.json()
      if (!isJwks(jwks as Jwks)) throw new TypeError('The answer is no JWKS')
      this.addJwks(jwksUri, jwks as Jwks)
      this.#lastFailed = false
    } catch (error) {
      this.#lastFailed = true
      throw new UnavailableError('The signing keys of the user pool could not be fetched.', summarise(error))
    } finally {
      this.#nextFetchAt = Date.now() + (this.#keys.size === 0 ? RETRY_AFTER_MS : REFETCH_AFTER_MS)
    }
  }

  /** The key of a `kid`, if it is known now. */
  find(kid: string | undefined): JwkWithKid | undefined {
    return kid === undefined ? undefined : this.#keys.get(kid)
  }
}
