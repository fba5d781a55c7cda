import type { JWK } from 'jose'
import type { LocalHandler } from '../server/http.ts'
import type { SigningKeys } from '../user-pool/keys.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { json } from './parameters.ts'

/** A JWK Set (RFC 7517 §5). */
export interface PublicKeys {
  keys: JWK[]
}

/** The public halves: the key of ID tokens, then that of access tokens. */
export function publicKeys(keys: SigningKeys): PublicKeys {
  return { keys: [{ ...keys.id.jwk }, { ...keys.access.jwk }] }
}

/** `/<poolId>/.well-known/jwks.json`. */
export function jwks(pool: UserPool): LocalHandler {
  return () => json(200, publicKeys(pool.keys))
}
