import { optional } from '../server/members.ts'
import { ServiceError } from '../server/service-error.ts'
import type { SoftwareToken } from '../user-pool/mfa.ts'
import { useTotp } from '../user-pool/totp.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { openSession } from '../sign-in/questions.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import { callerOf } from './caller.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'
import { setupSession } from './setup-session.ts'

/** VerifySoftwareToken: the first code of an authenticator app. It does not switch the factor on by itself. */
export async function verifySoftwareToken(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken, Session, UserCode, FriendlyDeviceName } = readInput(input, {
    UserCode: model.oneTimeCode,
    AccessToken: optional(model.accessToken),
    Session: optional(model.session),
    FriendlyDeviceName: optional(model.friendlyDeviceName),
  })
  if (Session !== undefined) {
    const { attempt, pending } = setupSession(pool, Session)
    const softwareToken = verified(pool, pending.softwareToken, UserCode, FriendlyDeviceName)
    pool.authSessions.delete(Session)
    const next = { attempt, pending: { ...pending, softwareToken, verified: true } }
    return { Status: 'SUCCESS', Session: openSession(pool, next) }
  }
  if (AccessToken === undefined) throw invalidParameter('Missing required parameter AccessToken or Session')
  const { user } = await callerOf(pool, AccessToken)
  const associated = pool.unverifiedSoftwareTokens.get(user.sub)
  user.mfa.softwareToken = verified(pool, associated, UserCode, FriendlyDeviceName)
  pool.unverifiedSoftwareTokens.delete(user.sub)
  return { Status: 'SUCCESS' }
}

function verified(
  pool: UserPool,
  softwareToken: SoftwareToken | undefined,
  code: string,
  friendlyDeviceName: string | undefined,
): SoftwareToken {
  if (!softwareToken) {
    throw new ServiceError('SoftwareTokenMFANotFoundException', 'Software token has not been associated.')
  }
  if (useTotp(softwareToken, code, pool.clock.now()) !== 'right') {
    throw new ServiceError('EnableSoftwareTokenMFAException', 'Code mismatch')
  }
  return { ...softwareToken, friendlyDeviceName }
}
