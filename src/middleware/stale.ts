import { UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import { within } from '../lib/within.ts'
import type { CognitoAuth } from './request.ts'

/** A request does not wait longer for the app's word, in milliseconds; the default of a pool's own limit. */
const LIMIT_MS = 5_000

/**
 * Says from when on tokens of this caller count: older ones are outdated, because a role or a group changed. A
 * date in the future says nothing.
 */
export type StaleBefore = (auth: CognitoAuth) => Date | undefined | Promise<Date | undefined>

/**
 * Whether the app has moved on since the token was issued, or refreshed by this machine's clock (Cognito's may be behind,
 * and then even new tokens look old). Rejects with {@link UnavailableError} when the app cannot say.
 */
export async function isStale(
  auth: CognitoAuth,
  staleBefore: StaleBefore | undefined,
  refreshedAt = 0,
): Promise<boolean> {
  if (!staleBefore) return false
  let from: number
  try {
    const date: unknown = (await within(Promise.resolve(staleBefore(auth)), LIMIT_MS)) ?? undefined
    if (date === undefined) return false
    from = (date as Date).getTime()
    if (Number.isNaN(from)) throw new RangeError('Invalid Date')
  } catch (error) {
    throw new UnavailableError(
      'staleBefore failed, so nobody knows whether the token still counts.',
      summarise(error),
    )
  }
  // A token that does not say when it was issued cannot be shown to be new enough.
  return from <= Date.now() && !(Math.max(auth.claims.iat * 1000, refreshedAt) >= from)
}
