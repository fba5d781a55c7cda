import type { LoginTokenCheck } from '../login-provider.ts'
import { sealClaims, unsealClaims } from './sealed-claims.ts'

type Claims = Record<string, unknown>

/** How the access tokens of these providers begin. */
const prefixes: Readonly<Partial<Record<string, string>>> = {
  'graph.facebook.com': 'EAA',
  'www.amazon.com': 'Atza|',
  'api.twitter.com': '',
  'www.digits.com': '',
}

/** Undefined for a provider that gives ID tokens instead. */
export function accessTokenPrefix(providerName: string): string | undefined {
  return Object.hasOwn(prefixes, providerName) ? prefixes[providerName] : undefined
}

/** Twitter's are two strings, `token;secret`. */
export function issueAccessToken(providerName: string, claims: Claims, secret: Buffer): string {
  const [text = '', proof = ''] = sealClaims({ ...claims, iss: providerName }, secret).split('.')
  return `${accessTokenPrefix(providerName) ?? ''}${text}${separator(providerName)}${proof}`
}

/** As asking the provider would: the token is its own, or it is none. */
export function verifyAccessToken(providerName: string, token: string, secret: Buffer): LoginTokenCheck {
  const prefix = accessTokenPrefix(providerName) ?? ''
  const parts = token.slice(prefix.length).split(separator(providerName))
  const isForm = token.startsWith(prefix) && parts.length === 2
  const claims = isForm ? unsealClaims(parts.join('.'), secret) : undefined
  return claims?.['iss'] === providerName ? { ok: true, claims } : { ok: false, reason: 'malformed' }
}

function separator(providerName: string): string {
  return accessTokenPrefix(providerName) === '' ? ';' : '.'
}
