import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { UserPool } from '../../src/index.ts'

/** Keys that the local Cognito does not have, to sign what it would not: a pool of our own, or an attacker's. */
export interface Signer {
  kid: string
  privateKey: KeyObject
  publicKey: KeyObject
  jwk: Record<string, unknown>
  /** A compact JWS; `header` is merged over `kid` and `alg`, and the signature is RS256 whatever it says. */
  sign(payload: unknown, header?: Record<string, unknown>): string
}

export function createSigner(kid: string): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    kid,
    privateKey,
    publicKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' },
    sign: (payload, header) => {
      const input = signingInput({ kid, alg: 'RS256', ...header }, payload)
      return `${input}.${createSign('RSA-SHA256').update(input).sign(privateKey).toString('base64url')}`
    },
  }
}

/** The first two segments; a string is taken as the JSON text itself. */
export function signingInput(header: unknown, payload: unknown): string {
  return [header, payload]
    .map((part) => segment(typeof part === 'string' ? part : JSON.stringify(part)))
    .join('.')
}

export function segment(text: string | Buffer): string {
  return Buffer.from(text).toString('base64url')
}

/** The claims of a good access token of `pool`, to vary. */
export function accessClaims(
  pool: Pick<UserPool, 'issuer' | 'clientId'>,
  claims: Record<string, unknown> = {},
): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000)
  return {
    sub: '7d0c0f5e-3b1a-4c55-9d53-0e2a4a6b8c90',
    iss: pool.issuer,
    client_id: pool.clientId,
    token_use: 'access',
    scope: 'openid',
    auth_time: now,
    iat: now,
    exp: now + 3600,
    jti: 'f0c3d8a2-8d0e-4f6e-9c1d-2b7a5e4d3c21',
    username: 'ana',
    ...claims,
  }
}

/** The same as an ID token. */
export function idClaims(
  pool: Pick<UserPool, 'issuer' | 'clientId'>,
  claims: Record<string, unknown> = {},
): Record<string, unknown> {
  const { client_id: aud, scope: _scope, username, ...shared } = accessClaims(pool)
  return { ...shared, aud, token_use: 'id', 'cognito:username': username, ...claims }
}
