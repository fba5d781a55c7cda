import { randomInt } from '../lib/random.ts'
import type { Clock } from '../lib/clock.ts'
import { createExpiringMap, type ExpiringEntry } from '../lib/expiring-map.ts'
import { createMemory } from '../lib/memory.ts'
import { equalSecrets } from '../lib/secrets.ts'
import type { Contact } from './attributes.ts'
import type { User } from './user.ts'

/** What a code is for: the e-mail address of one account is not verified with the code that resets its password. */
export type CodePurpose = 'sign-up' | 'forgot-password' | `attribute:${Contact}`

/** How long codes live (facts of the service: sign-up and attributes 24 hours, forgotten passwords 1 hour). */
const lifetimeSeconds = (purpose: CodePurpose) => (purpose === 'forgot-password' ? 3600 : 86_400)

/** A code that was sent. It proves this value of this attribute, and no later one. */
interface SentCode {
  code: string
  attribute: Contact
  value: string
}

/** `expired` is also what a code that was never issued, or was used, counts as. */
type CodeCheck = { outcome: 'right'; attribute: Contact; value: string } | { outcome: 'wrong' | 'expired' }

/** Codes that were sent to a user and wait to be typed. A new one replaces the old one of its purpose. */
export interface ConfirmationCodes {
  /** Six digits, for a value of an attribute that they are sent to. */
  issue(user: User, purpose: CodePurpose, sentTo: { attribute: Contact; value: string }): string
  /** Leaves the code as it is: what it is for may still fail, and be tried again. */
  check(user: User, purpose: CodePurpose, code: string): CodeCheck
  /** Uses a code up. */
  forget(user: User, purpose: CodePurpose): void
}

export function createConfirmationCodes(clock: Clock, memory = createMemory()): ConfirmationCodes {
  const codes = createExpiringMap(clock, 10_000, memory.map<ExpiringEntry<SentCode>>('confirmationCodes'))
  const keyOf = (user: User, purpose: CodePurpose) => `${user.sub}\0${purpose}`
  return {
    issue(user, purpose, { attribute, value }) {
      const code = sixDigits()
      codes.set(keyOf(user, purpose), { code, attribute, value }, lifetimeSeconds(purpose))
      return code
    },
    check(user, purpose, code) {
      const sent = codes.get(keyOf(user, purpose))
      if (!sent) return { outcome: 'expired' }
      if (!equalSecrets(sent.code, code)) return { outcome: 'wrong' }
      return { outcome: 'right', attribute: sent.attribute, value: sent.value }
    },
    forget: (user, purpose) => codes.delete(keyOf(user, purpose)),
  }
}

export function sixDigits(): string {
  return String(randomInt(1_000_000)).padStart(6, '0')
}
