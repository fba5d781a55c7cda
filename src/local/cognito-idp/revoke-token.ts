import { optional } from '../server/members.ts'
import { looksLikeJwt } from '../user-pool/access-token.ts'
import { secretMatches } from '../user-pool/client.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { ServiceError } from '../server/service-error.ts'
import { clientOf } from '../sign-in/client-checks.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'

/** RevokeToken: ends the sign-in of a refresh token, with the plain client secret instead of a hash. */
export function revokeToken(pool: UserPool, input: Input): object {
  const {
    ClientId,
    Token,
    ClientSecret: given,
  } = readInput(input, {
    ClientId: model.clientId,
    Token: model.anyToken,
    ClientSecret: optional(model.clientSecret),
  })
  const client = clientOf(pool, ClientId)
  if (!secretMatches(client, given)) throw new ServiceError('UnauthorizedException', 'Invalid client secret')
  if (!client.enableTokenRevocation) {
    throw new ServiceError('UnsupportedOperationException', 'Token revocation is not enabled for the client')
  }
  if (looksLikeJwt(Token)) throw new ServiceError('UnsupportedTokenTypeException', 'Unsupported token type')
  if (pool.refreshTokens.revoke(Token, client) === 'foreign') {
    throw new ServiceError('UnauthorizedException', 'The token was not issued to this client')
  }
  return {}
}
