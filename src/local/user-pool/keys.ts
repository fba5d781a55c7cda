import { createHash, generateKeyPair, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import { promisify } from 'node:util'

/** One RSA-2048 pair, made at start; written nowhere but into the file that the option `persist` names. */
export interface SigningKey {
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
  return signingKeyOf(await promisify(generateKeyPair)('rsa', { modulusLength: 2048 }))
}

/** A pair with what its tokens and `jwks.json` say of it. */
export function signingKeyOf({
  publicKey,
  privateKey,
}: Pick<SigningKey, 'publicKey' | 'privateKey'>): SigningKey {
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
