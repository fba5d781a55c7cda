import { createHmac, hkdfSync } from 'node:crypto'
import { g, hash, k, N, numberOf, pad, power } from './group.ts'

/**
 * Whom the exchange is about. `name` is the pool id after the underscore and `id` the internal username; for devices, `name` is
 * the device group key and `id` the device key.
 */
export interface SrpIdentity {
  name: string
  id: string
}

/** What the server keeps instead of the password. */
export interface SrpVerifier {
  salt: bigint
  /** v = g^x */
  v: bigint
}

/** The server's half of one exchange (SRP-6a as Cognito does it). */
export interface SrpExchange {
  identity: SrpIdentity
  verifier: SrpVerifier
  A: bigint
  b: bigint
  B: bigint
}

/** x = H(PAD(salt) | H(name | id | ":" | password)), v = g^x. */
export function verifierOf({ name, id }: SrpIdentity, password: string, salt: bigint): SrpVerifier {
  const x = numberOf(hash(pad(salt), hash(`${name}${id}:${password}`)))
  return { salt, v: power(g, x) }
}

/** B = k·v + g^b. Undefined when A mod N is 0: the key would not depend on the password (RFC 5054 §2.5.4). */
export function beginExchange(
  identity: SrpIdentity,
  verifier: SrpVerifier,
  A: bigint,
  b: bigint,
): SrpExchange | undefined {
  if (A % N === 0n) return undefined
  const B = (k * verifier.v + power(g, b)) % N
  return { identity, verifier, A, b, B }
}

/** K = HKDF-SHA256(PAD(S), PAD(u), "Caldera Derived Key"), 16 bytes, with S = (A·v^u)^b. */
export function sessionKey({ A, B, b, verifier }: SrpExchange): Buffer {
  const u = numberOf(hash(pad(A), pad(B)))
  const S = power(A * power(verifier.v, u), b)
  return Buffer.from(hkdfSync('sha256', pad(S), pad(u), 'Caldera Derived Key', 16))
}

/** Base64(HMAC-SHA256(K, name | id | secret block | timestamp)). */
export function claimSignature(exchange: SrpExchange, secretBlock: string, timestamp: string): string {
  const { name, id } = exchange.identity
  return createHmac('sha256', sessionKey(exchange))
    .update(name + id)
    .update(Buffer.from(secretBlock, 'base64'))
    .update(timestamp)
    .digest('base64')
}
