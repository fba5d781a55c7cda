import { createHash } from 'node:crypto'

/** A user of the local pool. Attributes are strings, as Cognito stores them. */
export interface User {
  username: string
  sub: string
  password: string
  attributes: Map<string, string>
  groups: readonly string[]
  status: 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD'
  enabled: boolean
}

/** The same user keeps the same `sub` over restarts, so that what an app stored under it is found again. */
export function subOf(userPoolId: string, username: string): string {
  const hex = createHash('sha256').update(`${userPoolId}\0${username}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Attributes that are JSON booleans in ID tokens, and strings everywhere else. */
const booleanAttributes = new Set(['email_verified', 'phone_number_verified'])

/** The attributes as an ID token carries them. */
export function attributeClaims(attributes: Iterable<[string, string]>): Record<string, string | boolean> {
  return Object.fromEntries(
    [...attributes].map(([name, value]) => [name, booleanAttributes.has(name) ? value === 'true' : value]),
  )
}

/**
 * Which attributes the granted scopes let through (developer guide, "Scopes, M2M and resource servers"): `openid` alone shows
 * all; beside `email`, `phone` or `profile` only what those name.
 */
export function attributesInScope(user: User, scopes: readonly string[]): [string, string][] {
  const all = [...user.attributes]
  if (!scopes.some((scope) => scope === 'email' || scope === 'phone' || scope === 'profile')) return all
  return all.filter(([name]) => scopes.includes(scopeOf(name)))
}

function scopeOf(attribute: string): string {
  if (attribute === 'email' || attribute === 'email_verified') return 'email'
  if (attribute === 'phone_number' || attribute === 'phone_number_verified') return 'phone'
  return 'profile'
}
