import type { IncomingMessage } from 'node:http'
import type { CognitoUser } from '../user-pool/user.ts'
import type { VerifyCallback } from './options.ts'

/** What the app made of the user: falsy `user` refuses. */
export interface Verdict {
  user: object | undefined
  info?: object | undefined
}

/** Asks the app's verify callback, in either form. Rejects with whatever it throws, rejects with, or gives to `done`. */
export async function applyVerify(
  verify: VerifyCallback | undefined,
  user: CognitoUser,
  req: IncomingMessage & Express.Request,
): Promise<Verdict> {
  if (!verify) return { user }
  // By parameter count, as all Passport strategies tell the two forms apart.
  if (verify.length < 3)
    return verdict(await (verify as (user: CognitoUser, req: object) => unknown)(user, req))
  return new Promise((resolve, reject) => {
    const returned: unknown = verify(user, req, (error, accepted, info) => {
      if (error) reject(error instanceof Error ? error : new Error('The verify callback failed'))
      else resolve(verdict(accepted, info))
    })
    // An async function that takes `done` and then throws would otherwise end the process.
    Promise.resolve(returned).catch(reject)
  })
}

function verdict(user: unknown, info?: unknown): Verdict {
  return {
    user: typeof user === 'object' && user !== null ? user : undefined,
    ...(typeof info === 'object' && info !== null && { info }),
  }
}
