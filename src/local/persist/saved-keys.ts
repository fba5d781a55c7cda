import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { RsaKey } from '../identity-pool/rsa-key.ts'
import type { KeyRing } from '../key-ring.ts'
import { signingKeyOf, type SigningKeys } from '../user-pool/keys.ts'

/** The private keys of a user pool as the state file has them: PKCS #8. */
export interface SavedSigningKeys {
  id: string
  access: string
}

/** The private keys of the server, with those of the first pool, and a shared secret. */
export interface SavedKeys extends SavedSigningKeys {
  identityPool: string
  providers: string
  providerSecret: string
}

/** Makes those keys that were not needed so far. */
export async function saveKeys(keys: KeyRing, firstPoolId: string): Promise<SavedKeys> {
  const { identityPool, providers } = keys
  return {
    ...saveSigningKeys(keys, firstPoolId),
    identityPool: pem(await identityPool()),
    providers: pem(await providers.rsaKey()),
    providerSecret: providers.secret.toString('base64'),
  }
}

export function saveSigningKeys({ userPools }: KeyRing, userPoolId: string): SavedSigningKeys {
  const { id, access } = userPools.get(userPoolId) as SigningKeys
  return { id: pem(id), access: pem(access) }
}

function pem({ privateKey }: { privateKey: KeyObject }): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
}

/** `pools`: by the id of each pool. Throws for what is no key. */
export function loadKeys(saved: SavedKeys, pools: ReadonlyMap<string, SavedSigningKeys>): KeyRing {
  const [identityPool, providers] = [rsaKey(saved.identityPool), rsaKey(saved.providers)]
  return {
    userPools: new Map([...pools].map(([userPoolId, keys]) => [userPoolId, loadSigningKeys(keys)])),
    identityPool: async () => identityPool,
    providers: { rsaKey: async () => providers, secret: Buffer.from(saved.providerSecret, 'base64') },
  }
}

function loadSigningKeys({ id, access }: SavedSigningKeys): SigningKeys {
  return { id: signingKeyOf(rsaKey(id)), access: signingKeyOf(rsaKey(access)) }
}

function rsaKey(pem: string): RsaKey {
  const privateKey = createPrivateKey(pem)
  if (privateKey.asymmetricKeyType !== 'rsa') throw new TypeError('not an RSA key')
  return { privateKey, publicKey: createPublicKey(privateKey) }
}
