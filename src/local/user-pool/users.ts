import { createMemory } from '../lib/memory.ts'
import type { Settings } from './settings.ts'
import type { User } from './user.ts'

/** The user directory. Whoever signs in is found by name or by a verified alias. */
export interface Users {
  /** In the order in which they were added. */
  all(): User[]
  /** By the internal name. */
  get(username: string): User | undefined
  bySub(sub: string): User | undefined
  /** By whatever a person types: the name, `sub`, or an attribute that the pool signs in with. */
  find(name: string): User | undefined
  /** Who holds this e-mail address, phone number or preferred name as something to sign in with. */
  holderOf(attribute: string, value: string): User | undefined
  /** Adds a user, or replaces nobody: the caller has looked before. */
  add(user: User): void
  remove(user: User): void
}

/** `initial` joins whoever is in `memory` already; a user who is there stays as they are. */
export function createUsers(settings: Settings, initial: readonly User[], memory = createMemory()): Users {
  const users = memory.map<User>('users')
  const bySub = new Map([...users.values()].map((user) => [user.sub, user]))
  const normal = (name: string) => (settings.caseSensitive ? name : name.toLowerCase())
  const add = (user: User) => {
    users.set(normal(user.username), user)
    bySub.set(user.sub, user)
  }
  const get = (username: string) => users.get(normal(username))
  const holderOf = (attribute: string, value: string) =>
    [...users.values()].find((user) =>
      signsInWith(settings, user, attribute, (own) => normal(own) === normal(value)),
    )
  for (const user of initial) if (!get(user.username) && !bySub.has(user.sub)) add(user)
  return {
    all: () => [...users.values()],
    get,
    bySub: (sub) => bySub.get(sub),
    holderOf,
    find(name) {
      const user = get(name) ?? bySub.get(name)
      if (user) return user
      const attributes = [...settings.usernameAttributes, ...settings.aliasAttributes]
      return attributes.map((attribute) => holderOf(attribute, name)).find((holder) => holder !== undefined)
    },
    add,
    remove(user) {
      users.delete(normal(user.username))
      bySub.delete(user.sub)
    },
  }
}

/** An alias counts once it is verified; what stands in place of a name counts from the start. */
function signsInWith(
  { usernameAttributes, aliasAttributes }: Settings,
  user: User,
  attribute: string,
  matches: (own: string) => boolean,
): boolean {
  const own = user.attributes.get(attribute)
  if (own === undefined || !matches(own)) return false
  if ((usernameAttributes as readonly string[]).includes(attribute)) return true
  if (!(aliasAttributes as readonly string[]).includes(attribute)) return false
  return attribute === 'preferred_username' || user.attributes.get(`${attribute}_verified`) === 'true'
}
