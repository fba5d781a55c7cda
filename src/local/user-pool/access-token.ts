import type { SignIn } from './sign-ins.ts'
import { verifyToken } from './tokens.ts'
import type { User } from './user.ts'
import type { UserPool } from './user-pool.ts'

/** Whom an access token speaks for, as Cognito's own APIs see it. */
interface AccessTokenUse {
  user: User
  /** Undefined for a token made to order. */
  signIn: SignIn | undefined
  clientId: string
  scopes: readonly string[]
}

/** What is said of the token of a user who was deleted. */
export const userGone = 'User does not exist.'

/**
 * An access token that Cognito itself would still take: unlike a JWT library, it notices that the sign-in was revoked or the
 * user disabled. Otherwise the API's message.
 */
export async function usableAccessToken(pool: UserPool, token: string): Promise<AccessTokenUse | string> {
  const verified = await verifyToken(pool, token)
  if (!verified.ok || verified.claims['token_use'] !== 'access') return 'Invalid Access Token'
  const { exp, origin_jti: originJti, event_id: eventId, sub, scope, client_id: clientId } = verified.claims
  if (typeof exp !== 'number' || exp <= pool.clock.nowSeconds()) return 'Access Token has expired'
  const user = typeof sub === 'string' ? pool.users.bySub(sub) : undefined
  if (!user) return userGone
  if (!user.enabled) return 'User is disabled.'
  const ids = [originJti, eventId].filter((id) => typeof id === 'string')
  if (ids.some((id) => pool.signIns.isRevoked(id))) return 'Access Token has been revoked'
  const signIn = ids.map((id) => pool.signIns.find(id)).find((found) => found !== undefined)
  return {
    user,
    signIn,
    clientId: String(clientId),
    scopes: typeof scope === 'string' ? scope.split(' ') : [],
  }
}

/** Three parts with a readable JSON header: an ID or access token, where a refresh token was wanted. */
export function looksLikeJwt(token: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(token)
}
