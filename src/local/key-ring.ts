import { randomBytes } from 'node:crypto'
import { createRsaKey, lazily, type RsaKey } from './identity-pool/rsa-key.ts'
import { createSigningKeys, type SigningKeys } from './user-pool/keys.ts'

/** Every key that the server signs with. A reset keeps them: whoever has fetched the public ones need not ask again. */
export interface KeyRing {
  /** By the id of the pool. */
  userPools: ReadonlyMap<string, SigningKeys>
  /** Of the identity pool's OpenID tokens. */
  identityPool: () => Promise<RsaKey>
  /** Of the providers outside: ID tokens, and everything opaque. */
  providers: { rsaKey: () => Promise<RsaKey>; secret: Buffer }
}

/** New keys, except for those that were `kept`. */
export async function createKeyRing(userPoolIds: readonly string[], kept?: KeyRing): Promise<KeyRing> {
  const signingKeys = userPoolIds.map(
    async (id) => [id, kept?.userPools.get(id) ?? (await createSigningKeys())] as const,
  )
  return {
    userPools: new Map(await Promise.all(signingKeys)),
    // Made when first needed: most tests need neither.
    identityPool: kept?.identityPool ?? lazily(createRsaKey),
    providers: kept?.providers ?? { rsaKey: lazily(createRsaKey), secret: randomBytes(32) },
  }
}
