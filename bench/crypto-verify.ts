import { createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Issuer } from './issuer.ts'
import { verifying } from './verifying.ts'

/**
 * No contender but a yardstick: the RSA check of a signature with a key that is at hand, and nothing else. It takes
 * expired tokens and tokens for somebody else.
 */
export async function cryptoVerify({ jwksUri }: Issuer): Promise<RequestHandler[]> {
  const { keys } = (await (await fetch(jwksUri)).json()) as { keys: (JsonWebKey & { kid: string })[] }
  const known = new Map(keys.map((key) => [key.kid, createPublicKey({ key, format: 'jwk' })]))
  return verifying((token) => signed(token, known))
}

function signed(token: string, known: ReadonlyMap<string, KeyObject>): { sub: string } {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const key = known.get(decode<{ kid: string }>(header).kid)
  if (
    !key ||
    !verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))
  )
    throw new Error('The signature does not match.')
  return decode(payload)
}

function decode<T>(segment: string): T {
  return JSON.parse(Buffer.from(segment, 'base64url').toString()) as T
}
