import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

export interface RsaKey {
  privateKey: KeyObject
  publicKey: KeyObject
}

/** An RSA-2048 pair. */
export function createRsaKey(): Promise<RsaKey> {
  return promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
}

/** The same value at every call, made at the first. */
export function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
