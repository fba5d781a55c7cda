import { equalSecrets } from '../lib/secrets.ts'
import type { User } from './user.ts'
import type { UserPool } from './user-pool.ts'

/** Who signs in with this name and password, or the message that Cognito gives instead. */
type PasswordCheck = { user: User } | { refused: string }

/** An unknown user gets the answer of a wrong password (`PreventUserExistenceErrors` on). */
export function checkPassword(pool: UserPool, username: string, password: string): PasswordCheck {
  const user = pool.users.get(username)
  const right = equalSecrets(password, user?.password ?? '') && user !== undefined
  if (user && !user.enabled) return { refused: 'User is disabled.' }
  return right ? { user } : { refused: 'Incorrect username or password.' }
}

const rules: [RegExp, string][] = [
  [/^\S{8,256}$/, 'Password not long enough'],
  [/[a-z]/, 'Password must have lowercase characters'],
  [/[A-Z]/, 'Password must have uppercase characters'],
  [/[0-9]/, 'Password must have numeric characters'],
  [/[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/, 'Password must have symbol characters'],
]

/** The first rule of the default password policy that the password breaks, in Cognito's words. */
export function brokenPasswordRule(password: string): string | undefined {
  const broken = rules.find(([rule]) => !rule.test(password))
  return broken && `Password did not conform with policy: ${broken[1]}`
}

/** The permanent password of a user who had a temporary one. */
export function setPassword(user: User, password: string): void {
  user.password = password
  user.status = 'CONFIRMED'
}
