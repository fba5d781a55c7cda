import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { RsaKey } from '../identity-pool/rsa-key.ts'
import type { KeyRing } from '../key-ring.ts'
import { signingKeyOf } from '../user-pool/keys.ts'

/** The private keys as the state file has them: PKCS #8, and a shared secret. */
export interface SavedKeys {
  id: string
  access: string
  identityPool: string
  providers: string
  providerSecret: string
}

/** Makes those keys that were not needed so far. */
export async function saveKeys({ userPool, identityPool, providers }: KeyRing): Promise<SavedKeys> {
  const pem = ({ privateKey }: { privateKey: KeyObject }) =>
    privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  return {
    id: pem(userPool.id),
    access: pem(userPool.access),
    identityPool: pem(await identityPool()),
    providers: pem(await providers.rsaKey()),
    providerSecret: providers.secret.toString('base64'),
  }
}

/** Throws for what is no key. */
export function loadKeys(saved: SavedKeys): KeyRing {
  const [id, access, identityPool, providers] = [
    saved.id,
    saved.access,
    saved.identityPool,
    saved.providers,
  ].map(rsaKey) as [RsaKey, RsaKey, RsaKey, RsaKey]
  return {
    userPool: { id: signingKeyOf(id), access: signingKeyOf(access) },
    identityPool: async () => identityPool,
    providers: { rsaKey: async () => providers, secret: Buffer.from(saved.providerSecret, 'base64') },
  }
}

function rsaKey(pem: string): RsaKey {
  const privateKey = createPrivateKey(pem)
  if (privateKey.asymmetricKeyType !== 'rsa') throw new TypeError('not an RSA key')
  return { privateKey, publicKey: createPublicKey(privateKey) }
}
