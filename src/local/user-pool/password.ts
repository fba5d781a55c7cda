import { equalSecrets } from '../lib/secrets.ts'
import type { User } from './user.ts'
import type { UserPool } from './user-pool.ts'

/** What a password must look like, and how long a temporary one lives. */
export interface PasswordPolicy {
  minimumLength: number
  requireLowercase: boolean
  requireUppercase: boolean
  requireNumbers: boolean
  requireSymbols: boolean
  temporaryPasswordValidityDays: number
  /** How many former passwords may not be chosen again. */
  passwordHistorySize: number
}

export function isPasswordOf(user: User, password: string): boolean {
  return equalSecrets(password, user.password ?? '') && user.password !== undefined
}

/** The first rule of the policy that the password breaks, in Cognito's words. */
export function brokenPasswordRule(policy: PasswordPolicy, password: string): string | undefined {
  const rules: [boolean, RegExp, string][] = [
    [true, new RegExp(`^[^]{${policy.minimumLength},256}$`), 'Password not long enough'],
    [policy.requireLowercase, /[a-z]/, 'Password must have lowercase characters'],
    [policy.requireUppercase, /[A-Z]/, 'Password must have uppercase characters'],
    [policy.requireNumbers, /[0-9]/, 'Password must have numeric characters'],
    [policy.requireSymbols, /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/, 'Password must have symbol characters'],
    [true, /^\S+$/, 'Password must not have spaces'],
  ]
  const broken = rules.find(([wanted, rule]) => wanted && !rule.test(password))
  return broken && `Password did not conform with policy: ${broken[2]}`
}

/** Whether the user had this password before, as far as the policy remembers. */
export function isFormerPassword(user: User, password: string): boolean {
  return [user.password, ...user.passwordHistory].some(
    (former) => former !== undefined && equalSecrets(former, password),
  )
}

/** Gives the user a password; a permanent one confirms the user. */
export function setPassword(
  pool: UserPool,
  user: User,
  password: string,
  { temporary = false }: { temporary?: boolean } = {},
): void {
  const { passwordHistorySize } = pool.settings.passwordPolicy
  const former = user.password === undefined ? [] : [user.password]
  // The current password is the first of those remembered.
  user.passwordHistory = [...former, ...user.passwordHistory].slice(0, Math.max(0, passwordHistorySize - 1))
  user.password = password
  user.passwordSetAt = pool.clock.now()
  user.status = temporary ? 'FORCE_CHANGE_PASSWORD' : 'CONFIRMED'
  touch(pool, user)
}

/** Notes that something about the user changed. */
export function touch(pool: UserPool, user: User): void {
  user.modifiedAt = pool.clock.now() / 1000
}

/** Whether a temporary password waited too long (`TemporaryPasswordValidityDays`; 0 = until the end of the day it was set). */
export function temporaryPasswordExpired(pool: UserPool, user: User): boolean {
  const days = Math.max(1, pool.settings.passwordPolicy.temporaryPasswordValidityDays)
  return pool.clock.now() >= user.passwordSetAt + days * 86_400_000
}
