import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { CborMap, CborValue } from './cbor.ts'

/** Signature algorithms of COSE (RFC 9053, RFC 8812), in the order in which authenticators are asked for them. */
export const algorithms = { ES256: -7, RS256: -257 } as const

// Labels of a COSE_Key: those below zero mean something else in each kind of key.
const kty = 1
const alg = 3
const ec2 = { kty: 2, crv: -1, x: -2, y: -3, p256: 1 }
const rsa = { kty: 3, n: -1, e: -2 }
const smallestModulusBytes = 256

/** The public key of a credential, to verify with SHA-256; undefined for a kind that was not asked for. Throws for a broken one. */
export function publicKeyOf(cose: CborMap): KeyObject | undefined {
  const jwk = jwkOf(cose)
  return jwk && createPublicKey({ key: jwk, format: 'jwk' })
}

function jwkOf(cose: CborMap): JsonWebKey | undefined {
  const at = (label: number) => bytesOf(cose.get(label))
  if (cose.get(kty) === ec2.kty && cose.get(alg) === algorithms.ES256 && cose.get(ec2.crv) === ec2.p256) {
    return { kty: 'EC', crv: 'P-256', x: at(ec2.x).toString('base64url'), y: at(ec2.y).toString('base64url') }
  }
  if (cose.get(kty) === rsa.kty && cose.get(alg) === algorithms.RS256) {
    const n = at(rsa.n)
    return n.length < smallestModulusBytes
      ? undefined
      : { kty: 'RSA', n: n.toString('base64url'), e: at(rsa.e).toString('base64url') }
  }
  return undefined
}

function bytesOf(value: CborValue | undefined): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0)
}
