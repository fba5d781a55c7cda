import { ServiceError } from '../server/service-error.ts'
import type { SignIn } from '../user-pool/sign-ins.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import { callerOf } from './caller.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'
import { namedUser } from './named-user.ts'

/** ListUserSessions: the sign-ins of the caller that are still alive. */
export async function listUserSessions(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken } = readInput(input, { AccessToken: model.accessToken })
  const { user, signIn } = await callerOf(pool, AccessToken)
  return { Sessions: sessionsOf(pool, user, signIn) }
}

/** AdminListUserSessions */
export function adminListUserSessions(pool: UserPool, input: Input): object {
  return { Sessions: sessionsOf(pool, namedUser(pool, input), undefined) }
}

/** RevokeUserSession: ends another sign-in of the caller. */
export async function revokeUserSession(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken, SessionId } = readInput(input, {
    AccessToken: model.accessToken,
    SessionId: model.sessionId,
  })
  const { user, signIn } = await callerOf(pool, AccessToken)
  if (signIn?.sessionId === SessionId) throw invalidParameter('The current session cannot be revoked.')
  return revoke(pool, user, SessionId)
}

/** AdminRevokeUserSession */
export function adminRevokeUserSession(pool: UserPool, input: Input): object {
  const { SessionId } = readInput(input, { SessionId: model.sessionId })
  return revoke(pool, namedUser(pool, input), SessionId)
}

function alive(pool: UserPool, user: User): SignIn[] {
  const now = pool.clock.nowSeconds()
  return pool.signIns
    .ofUser(user)
    .filter((one) => !one.revoked && one.authTime + one.client.refreshTokenValiditySeconds > now)
}

function sessionsOf(pool: UserPool, user: User, current: SignIn | undefined): object[] {
  return alive(pool, user).map((signIn) => ({
    SessionId: signIn.sessionId,
    SessionType: 'TOKEN',
    ClientId: signIn.client.clientId,
    CreateDate: signIn.authTime,
    LastActiveDate: signIn.lastActiveAt,
    LastIPAddress: '127.0.0.1',
    IsCurrentSession: signIn === current,
  }))
}

function revoke(pool: UserPool, user: User, sessionId: string): object {
  const signIn = alive(pool, user).find((one) => one.sessionId === sessionId)
  if (!signIn) throw new ServiceError('ResourceNotFoundException', 'Session does not exist.')
  signIn.revoked = true
  return {}
}
