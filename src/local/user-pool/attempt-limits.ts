import type { Clock } from '../lib/clock.ts'
import { createExpiringMap } from '../lib/expiring-map.ts'
import { ServiceError } from '../server/service-error.ts'
import type { User } from './user.ts'

/** How often each may be asked for a user in an hour (developer guide, "Quotas"; the highest of 5 to 20 for passwords). */
const attemptsPerHour = {
  ResendConfirmationCode: 5,
  ConfirmSignUp: 15,
  /** ForgotPassword and ConfirmForgotPassword together. */
  ForgotPassword: 20,
  ChangePassword: 5,
  GetUserAttributeVerificationCode: 5,
  VerifyUserAttribute: 15,
} as const

/** Keeps people from guessing codes and from being flooded with them. */
export interface AttemptLimits {
  /** Counts an attempt; throws `LimitExceededException` beyond the limit. */
  count(user: User, operation: keyof typeof attemptsPerHour): void
}

const hourSeconds = 3600

export function createAttemptLimits(clock: Clock): AttemptLimits {
  const attempts = createExpiringMap<readonly number[]>(clock)
  return {
    count({ sub }, operation) {
      const key = `${sub}\0${operation}`
      const since = clock.now() - hourSeconds * 1000
      const recent = (attempts.get(key) ?? []).filter((time) => time > since)
      if (recent.length >= attemptsPerHour[operation]) {
        throw new ServiceError(
          'LimitExceededException',
          'Attempt limit exceeded, please try after some time.',
        )
      }
      attempts.set(key, [...recent, clock.now()], hourSeconds)
    },
  }
}
