import { UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import type { CognitoAuth } from './request.ts'

/**
 * Says from when on tokens of this caller count: older ones are outdated, because a role or a group changed. A
 * date in the future says nothing.
 */
export type StaleBefore = (auth: CognitoAuth) => Date | undefined | Promise<Date | undefined>

/** Whether the app has moved on since the token was issued. Rejects with {@link UnavailableError} when the app cannot say. */
export async function isStale(auth: CognitoAuth, staleBefore: StaleBefore | undefined): Promise<boolean> {
  if (!staleBefore) return false
  let from: number
  try {
    const date: unknown = (await staleBefore(auth)) ?? undefined
    if (date === undefined) return false
    from = (date as Date).getTime()
    if (Number.isNaN(from)) throw new RangeError('Invalid Date')
  } catch (error) {
    throw new UnavailableError(
      'staleBefore failed, so nobody knows whether the token still counts.',
      summarise(error),
    )
  }
  return from <= Date.now() && auth.claims.iat * 1000 < from
}
