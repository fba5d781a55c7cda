import { invalidParameter } from '../../sign-in/refusal.ts'
import type { User } from '../../user-pool/user.ts'

/** What lists of users can be searched by; custom attributes cannot. */
const values = new Map<string, (user: User) => string | undefined>([
  ['username', (user) => user.username],
  ['status', (user) => (user.enabled ? 'Enabled' : 'Disabled')],
  ['cognito:user_status', (user) => user.status],
  ...['sub', 'email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username'].map(
    (name) => [name, (user: User) => user.attributes.get(name)] as const,
  ),
])

/** `attribute = "value"` or, for a prefix, `attribute ^= "value"`; quotes in the value are escaped with a backslash. */
const form = /^\s*([^\s=^"]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/s

/** The filter of ListUsers as a test of users; an empty one lets everybody through. */
export function userFilter(filter = ''): (user: User) => boolean {
  if (filter.trim() === '') return () => true
  const [, attribute = '', operator, quoted = ''] = form.exec(filter) ?? []
  if (operator === undefined) throw invalidParameter('Error while parsing filter')
  const valueOf = values.get(attribute)
  if (!valueOf) throw invalidParameter(`Invalid search attribute: ${attribute.slice(0, 64)}`)
  const normal = (text: string) => (attribute === 'cognito:user_status' ? text.toUpperCase() : text)
  const wanted = normal(quoted.replace(/\\(.)/gs, '$1'))
  return (user) => {
    const value = normal(valueOf(user) ?? '')
    return operator === '=' ? value === wanted : value.startsWith(wanted)
  }
}
