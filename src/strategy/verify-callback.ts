import type { IncomingMessage } from 'node:http'
import { UnavailableError } from '../errors.ts'
import { asError } from '../lib/cause.ts'
import { within } from '../lib/within.ts'
import type { CognitoUser } from '../user-pool/user.ts'
import type { VerifyCallback } from './options.ts'

/** What the app made of the user: a falsy `user` refuses. */
export interface Verdict {
  user: unknown
  info?: object
}

/** A person waits at the callback; whoever makes an account for them meanwhile may take this long, in milliseconds. */
const LIMIT_MS = 30_000

/**
 * Asks the app's verify callback, in either form. Rejects with whatever it throws, rejects with, or gives to
 * `done`, as an Error, and with {@link UnavailableError} when it gives nothing within the time limit.
 */
export async function applyVerify(
  verify: VerifyCallback | undefined,
  user: CognitoUser,
  req: IncomingMessage & Express.Request,
): Promise<Verdict> {
  if (!verify) return { user }
  const late = () => new UnavailableError('The verify callback did not answer in time.')
  return within(verdict(verify, user, req), LIMIT_MS, late)
}

function verdict(
  verify: VerifyCallback,
  user: CognitoUser,
  req: IncomingMessage & Express.Request,
): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const done = (error: unknown, accepted?: unknown, info?: unknown) => {
      if (error) reject(asError(error))
      else resolve({ user: accepted, ...(typeof info === 'object' && info !== null && { info }) })
    }
    // By parameter count, as all Passport strategies tell the two forms apart. Who takes `done` may still
    // return the user instead.
    const takesDone = verify.length >= 3
    Promise.resolve()
      .then(() => verify(user, req, done))
      .then(
        (returned) => (takesDone && returned === undefined ? undefined : done(null, returned)),
        (error: unknown) => reject(asError(error)),
      )
  })
}
