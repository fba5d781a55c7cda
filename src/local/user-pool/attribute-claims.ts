import type { Client } from './client.ts'
import type { User } from './user.ts'

/** Attributes that are JSON booleans in ID tokens, and strings everywhere else. */
const booleanAttributes = new Set(['email_verified', 'phone_number_verified'])

/** The attributes as an ID token carries them. */
export function attributeClaims(attributes: Iterable<[string, string]>): Record<string, unknown> {
  return Object.fromEntries([...attributes].map(([name, value]) => [name, attributeClaim(name, value)]))
}

function attributeClaim(name: string, value: string): unknown {
  if (name === 'identities') return JSON.parse(value)
  return booleanAttributes.has(name) ? value === 'true' : value
}

/**
 * Which attributes the granted scopes let through (developer guide, "Scopes, M2M and resource servers"): `openid` alone shows
 * all; beside `email`, `phone` or `profile` only what those name.
 */
export function attributesInScope(user: User, scopes: readonly string[]): [string, string][] {
  const all = [...user.attributes]
  if (!scopes.some((scope) => scope === 'email' || scope === 'phone' || scope === 'profile')) return all
  // Where somebody comes from is never hidden.
  return all.filter(([name]) => name === 'identities' || scopes.includes(scopeOf(name)))
}

function scopeOf(attribute: string): string {
  if (attribute === 'email' || attribute === 'email_verified') return 'email'
  if (attribute === 'phone_number' || attribute === 'phone_number_verified') return 'phone'
  return 'profile'
}

/** Without the attributes that the client may not see; `sub` and `identities` are never hidden. */
export function readable(
  { readAttributes }: Client,
  attributes: Iterable<[string, string]>,
): [string, string][] {
  return [...attributes].filter(
    ([name]) => name === 'sub' || name === 'identities' || (readAttributes?.has(name) ?? true),
  )
}
