import { createHmac } from 'node:crypto'
import { newUser, type User } from './user.ts'
import type { UserPool } from './user-pool.ts'

/**
 * Stands for a user who does not exist, where the client must not find out (`PreventUserExistenceErrors`): the same name always
 * gets the same ids and salt, and every proof of it fails.
 */
export function phantomUser(pool: UserPool, name: string): User {
  const bytes = phantomBytes(pool, name)
  const hex = bytes.toString('hex')
  const sub = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  // An alias stands for some other, internal name.
  const isAlias =
    pool.settings.usernameAttributes.length > 0 ||
    (pool.settings.aliasAttributes.length > 0 && /^\+|@/.test(name))
  const attributes = new Map([['sub', sub]])
  attributes
    .set('email', name.includes('@') ? name : `${letter(bytes, 30)}@${letter(bytes, 31)}`)
    .set(
      'phone_number',
      /^\+\d{5,}$/.test(name) ? name : `+1555555${String(1000 + (bytes.readUInt16BE(28) % 9000))}`,
    )
  const username = isAlias ? sub : name
  return newUser({ username, sub, password: undefined, attributes, status: 'CONFIRMED' }, 0)
}

/** Only the first letters of an address are ever shown, masked. */
function letter(bytes: Buffer, index: number): string {
  return String.fromCharCode(97 + (bytes.readUInt8(index) % 26))
}

/** Bytes that only this pool makes of this name. */
export function phantomBytes(pool: UserPool, name: string): Buffer {
  return createHmac('sha256', pool.hiddenKey).update(name).digest()
}

/** Whether a user is in the directory: phantoms never are, and deleted users no longer. */
export function exists(pool: UserPool, user: User): boolean {
  return pool.users.get(user.username) === user
}
