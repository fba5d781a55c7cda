import { sign } from 'node:crypto'
import { compactVerify } from 'jose'
import type { LoginTokenCheck } from '../login-provider.ts'
import type { RsaKey } from '../rsa-key.ts'

type Claims = Record<string, unknown>

const kid = 'pretend-provider-1'

export function issueIdToken(providerName: string, claims: Claims, { privateKey }: RsaKey): string {
  const tokenUse = providerName.startsWith('cognito-idp.') ? { token_use: 'id' } : {}
  const input = [
    { alg: 'RS256', kid, typ: 'JWT' },
    { iss: `https://${providerName}`, ...tokenUse, ...claims },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), privateKey).toString('base64url')}`
}

/** Checks form, signature and issuer, in this order. */
export async function verifyIdToken(
  providerName: string,
  token: string,
  { publicKey }: RsaKey,
): Promise<LoginTokenCheck> {
  if (!isToken(token)) return { ok: false, reason: 'malformed' }
  try {
    const { payload } = await compactVerify(token, publicKey, { algorithms: ['RS256'] })
    const claims = JSON.parse(new TextDecoder().decode(payload)) as Claims
    return issuers(providerName).includes(String(claims['iss']))
      ? { ok: true, claims }
      : { ok: false, reason: 'issuer' }
  } catch {
    return { ok: false, reason: 'signature' }
  }
}

/** Google leaves the scheme out of some of its tokens. */
function issuers(providerName: string): string[] {
  return providerName === 'accounts.google.com'
    ? [`https://${providerName}`, providerName]
    : [`https://${providerName}`]
}

function isToken(token: string): boolean {
  const parts = token.split('.')
  return parts.length === 3 && parts.slice(0, 2).every(isObject)
}

function isObject(part: string): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
