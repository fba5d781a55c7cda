import { usableAccessToken } from '../user-pool/access-token.ts'
import type { LocalHandler, LocalResponse } from '../server/http.ts'
import { attributesInScope, readable } from '../user-pool/attribute-claims.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { json } from './parameters.ts'

/** `GET /oauth2/userInfo`: the attributes that the token's scopes let through, all as strings, and `username`. */
export function userInfo(pool: UserPool): LocalHandler {
  return async (request) => {
    const token = /^Bearer +(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
    if (token === undefined) {
      return refused(400, 'invalid_request', 'Bad OAuth2 request at UserInfo Endpoint')
    }
    const found = await usableAccessToken(pool, token)
    // Tokens of the API sign-in lack `openid`.
    if (typeof found === 'string' || !found.scopes.includes('openid')) {
      const gone = 'Access token is expired, disabled, or deleted, or the user has globally signed out.'
      return refused(401, 'invalid_token', gone)
    }
    const { user, scopes, clientId } = found
    const client = pool.clients.get(clientId)
    const inScope = attributesInScope(user, scopes)
    const attributes = Object.fromEntries(client ? readable(client, inScope) : inScope)
    return json(200, { sub: user.sub, ...attributes, username: user.username })
  }
}

function refused(status: number, error: string, description: string): LocalResponse {
  return json(
    status,
    { error, error_description: description },
    { 'www-authenticate': `error="${error}", error_description="${description}"` },
  )
}
