import { decodeProtectedHeader } from 'jose'
import type { UserPool } from './user-pool.ts'
import type { UserPools } from './user-pools.ts'

/**
 * The pool that a request of the API means: by `UserPoolId`, else by the app client, else by the token or the session that it
 * shows. Where none fits it is the first, which refuses what it does not know.
 */
export function poolOf(pools: UserPools, input: Record<string, unknown>): UserPool {
  const { UserPoolId, ClientId, AccessToken, Session } = input as Partial<Record<string, unknown>>
  const found = (isIt: (pool: UserPool) => boolean) => pools.all().find(isIt)
  const which =
    typeof UserPoolId === 'string'
      ? pools.get(UserPoolId)
      : typeof ClientId === 'string'
        ? found(({ clients }) => clients.has(ClientId))
        : typeof AccessToken === 'string'
          ? signerOf(pools, AccessToken)
          : typeof Session === 'string'
            ? found(({ authSessions }) => authSessions.get(Session) !== undefined)
            : undefined
  return which ?? pools.first
}

/** Whose key a token names. Nothing else of it is checked. */
export function signerOf(pools: UserPools, token: string): UserPool | undefined {
  const kid = keyId(token)
  return pools.all().find(({ keys }) => kid !== undefined && [keys.id.kid, keys.access.kid].includes(kid))
}

function keyId(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid
  } catch {
    return undefined
  }
}
