import type { PasswordPolicy } from '../user-pool/password.ts'
import * as check from './option-checks.ts'

/** What a password must look like. Default: 8 characters, with a letter of each case, a digit and a symbol. */
export interface LocalPasswordPolicy {
  /** 6 to 99. */
  minimumLength?: number | undefined
  requireLowercase?: boolean | undefined
  requireUppercase?: boolean | undefined
  requireNumbers?: boolean | undefined
  requireSymbols?: boolean | undefined
  /** Default 7. */
  temporaryPasswordValidityDays?: number | undefined
  /** How many former passwords may not be chosen again: 0 (default) to 24. */
  passwordHistorySize?: number | undefined
}

/** Checks `userPool.policies.passwordPolicy`. */
export function passwordPolicyFrom(option: string, given: unknown = {}): PasswordPolicy {
  const policy = check.checkObject(option, given, [
    'minimumLength',
    'requireLowercase',
    'requireUppercase',
    'requireNumbers',
    'requireSymbols',
    'temporaryPasswordValidityDays',
    'passwordHistorySize',
  ])
  const flag = (name: string) => check.checkBoolean(`${option}.${name}`, policy[name], true)
  const number = (name: string, fallback: number, range: { min: number; max: number }) =>
    check.checkInteger(`${option}.${name}`, policy[name] ?? fallback, range)
  return {
    minimumLength: number('minimumLength', 8, { min: 6, max: 99 }),
    requireLowercase: flag('requireLowercase'),
    requireUppercase: flag('requireUppercase'),
    requireNumbers: flag('requireNumbers'),
    requireSymbols: flag('requireSymbols'),
    temporaryPasswordValidityDays: number('temporaryPasswordValidityDays', 7, { min: 0, max: 365 }),
    passwordHistorySize: number('passwordHistorySize', 0, { min: 0, max: 24 }),
  }
}
