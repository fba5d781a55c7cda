import { createHash, generateKeyPair, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import { promisify } from 'node:util'

/** One RSA-2048 pair, made at start and never written anywhere. */
interface SigningKey {
  kid: string
  privateKey: KeyObject
  publicKey: KeyObject
  jwk: JWK
}

/** Cognito signs ID tokens and access tokens with different keys, so their `kid`s differ. */
export type SigningKeys = Record<'id' | 'access', SigningKey>

export async function createSigningKeys(): Promise<SigningKeys> {
  const [id, access] = await Promise.all([createSigningKey(), createSigningKey()])
  return { id, access }
}

async function createSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const { e, n } = publicKey.export({ format: 'jwk' })
  // Base64 with `+`, `/` and `=`, as Cognito's key ids: who puts a kid into a path or a file name finds out here.
  const kid = createHash('sha256').update(String(n)).digest('base64')
  return {
    kid,
    privateKey,
    publicKey,
    jwk: { alg: 'RS256', e, kid, kty: 'RSA', n, use: 'sig' } as JWK,
  }
}
