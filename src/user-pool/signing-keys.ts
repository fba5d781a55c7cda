import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { isJwks, type Jwk, type Jwks } from 'aws-jwt-verify/jwk'
import { InvalidTokenError, UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import type { Fetch } from '../lib/limited-fetch.ts'

/** An unknown `kid` causes at most one fetch in this time. */
const REFETCH_AFTER_MS = 10_000
/** Without any key nothing can be verified, so the first fetch is repeated sooner. */
const RETRY_AFTER_MS = 1_000

/** One key of the JWKS. The object stays the same as long as the key does: it stands for the key in caches. */
export interface SigningKey {
  readonly kid: string
  /** The JWK as it came, by which a key that comes again is known. */
  readonly jwk: string
  readonly publicKey: KeyObject
}

/**
 * The signing keys of one user pool. Fetched once, at the first token; fetched again only when a token names an
 * unknown `kid`, and then within a budget. A fetch that fails or brings no keys leaves the known keys in place.
 */
export class SigningKeys {
  readonly #jwksUri: string
  readonly #fetch: Fetch
  #keys: ReadonlyMap<string, SigningKey> = new Map()
  #loading: Promise<void> | undefined
  #lastFailed = false
  #nextFetchAt = 0

  constructor(jwksUri: string, fetch: Fetch) {
    this.#jwksUri = jwksUri
    this.#fetch = fetch
  }

  /** The key of a `kid`, if it is known now. */
  find(kid: string): SigningKey | undefined {
    return this.#keys.get(kid)
  }

  /**
   * The key of a `kid` that is not known yet. Rejects with {@link InvalidTokenError} when the pool does not have
   * it, {@link UnavailableError} when that cannot be told.
   */
  async fetch(kid: string): Promise<SigningKey> {
    // A fetch that is already under way may bring the key; joining it costs nothing.
    if (this.#loading !== undefined || !this.#mustWait()) {
      await (this.#loading ??= this.#load().finally(() => (this.#loading = undefined)))
    } else if (this.#lastFailed) {
      throw new UnavailableError('The signing keys of the user pool could not be fetched.')
    }
    const key = this.find(kid)
    if (key) return key
    throw new InvalidTokenError(
      'unknown_key',
      'The token is signed with a key that is not in the JWKS of the user pool.',
    )
  }

  /** A clock that was set back makes no wait longer. */
  #mustWait(): boolean {
    const rest = this.#nextFetchAt - Date.now()
    return rest > 0 && rest <= REFETCH_AFTER_MS
  }

  async #load(): Promise<void> {
    try {
      const response = await this.#fetch(this.#jwksUri, {
        redirect: 'error',
        headers: { accept: 'application/json' },
      })
      if (!response.ok) throw new TypeError(`HTTP ${response.status}`)
      this.#keys = this.#keysOf(await response.json())
      this.#lastFailed = false
    } catch (error) {
      this.#lastFailed = true
      throw new UnavailableError('The signing keys of the user pool could not be fetched.', summarise(error))
    } finally {
      this.#nextFetchAt = Date.now() + (this.#keys.size === 0 ? RETRY_AFTER_MS : REFETCH_AFTER_MS)
    }
  }

  #keysOf(jwks: unknown): ReadonlyMap<string, SigningKey> {
    if (!isJwks(jwks as Jwks)) throw new TypeError('The answer is no JWKS')
    const keys = new Map<string, SigningKey>()
    for (const jwk of (jwks as Jwks).keys) {
      if (jwk.kid === undefined) continue
      const known = this.#keys.get(jwk.kid)
      const key = known?.jwk === JSON.stringify(jwk) ? known : signingKey(jwk.kid, jwk)
      // A key that came damaged is as good as absent: it is asked for again, and the former one stays until then.
      const usable = key ?? known
      if (usable) keys.set(jwk.kid, usable)
    }
    if (keys.size === 0) throw new TypeError('The JWKS holds no key')
    return keys
  }
}

/** An RSA key for RS256 signatures (RFC 7517 §4) of the strength that RFC 7518 §3.3 wants, or `undefined`. */
function signingKey(kid: string, jwk: Jwk): SigningKey | undefined {
  if (jwk.kty !== 'RSA' || (jwk.use ?? 'sig') !== 'sig' || (jwk.alg ?? 'RS256') !== 'RS256') return undefined
  try {
    const publicKey = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
    const { modulusLength = 0, publicExponent = 0n } = publicKey.asymmetricKeyDetails ?? {}
    if (modulusLength < 2048 || publicExponent < 3n) return undefined
    return { kid, jwk: JSON.stringify(jwk), publicKey }
  } catch {
    return undefined
  }
}
