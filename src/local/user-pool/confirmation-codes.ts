import { randomInt } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import { createExpiringMap } from '../lib/expiring-map.ts'
import { equalSecrets } from '../lib/secrets.ts'
import type { User } from './user.ts'

/** What a code is for: the e-mail address of one account is not verified with the code that resets its password. */
export type CodePurpose = 'sign-up' | 'forgot-password' | `attribute:${string}`

/** How long codes live (facts of the service: sign-up and attributes 24 hours, forgotten passwords 1 hour). */
const lifetimeSeconds = (purpose: CodePurpose) => (purpose === 'forgot-password' ? 3600 : 86_400)

/** Codes that were sent to a user and wait to be typed. A new one replaces the old one of its purpose. */
export interface ConfirmationCodes {
  /** Six digits. */
  issue(user: User, purpose: CodePurpose): string
  /** `right` uses the code up; `expired` is also what a code that was never issued, or was used, counts as. */
  check(user: User, purpose: CodePurpose, code: string): 'right' | 'wrong' | 'expired'
}

export function createConfirmationCodes(clock: Clock): ConfirmationCodes {
  const codes = createExpiringMap<string>(clock)
  const keyOf = (user: User, purpose: CodePurpose) => `${user.sub}\0${purpose}`
  return {
    issue(user, purpose) {
      const code = sixDigits()
      codes.set(keyOf(user, purpose), code, lifetimeSeconds(purpose))
      return code
    },
    check(user, purpose, code) {
      const issued = codes.get(keyOf(user, purpose))
      if (issued === undefined) return 'expired'
      if (!equalSecrets(issued, code)) return 'wrong'
      codes.delete(keyOf(user, purpose))
      return 'right'
    },
  }
}

export function sixDigits(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}
