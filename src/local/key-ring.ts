import { randomBytes } from 'node:crypto'
import { createRsaKey, lazily, type RsaKey } from './identity-pool/rsa-key.ts'
import { createSigningKeys, type SigningKeys } from './user-pool/keys.ts'

/** Every key that the server signs with. A reset keeps them: whoever has fetched the public ones need not ask again. */
export interface KeyRing {
  userPool: SigningKeys
  /** Of the identity pool's OpenID tokens. */
  identityPool: () => Promise<RsaKey>
  /** Of the providers outside: ID tokens, and everything opaque. */
  providers: { rsaKey: () => Promise<RsaKey>; secret: Buffer }
}

export async function createKeyRing(): Promise<KeyRing> {
  return {
    userPool: await createSigningKeys(),
    // Made when first needed: most tests need neither.
    identityPool: lazily(createRsaKey),
    providers: { rsaKey: lazily(createRsaKey), secret: randomBytes(32) },
  }
}
