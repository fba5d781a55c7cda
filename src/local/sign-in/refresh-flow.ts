import { ServiceError } from '../server/service-error.ts'
import { refusalMessages, type RefreshRefusal } from '../user-pool/refresh-tokens.ts'
import { refresh } from '../user-pool/refresh.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { checkSecretHash } from './client-checks.ts'
import { authenticationResult } from './finish.ts'
import { parameter } from './parameters.ts'
import type { SignInRequest } from './request.ts'

/** `REFRESH_TOKEN_AUTH` and its other name: new tokens, never a new refresh token. */
export async function refreshFlow(pool: UserPool, { client, parameters }: SignInRequest): Promise<object> {
  const used = refresh(pool, client, parameter(parameters, 'REFRESH_TOKEN'), parameters.get('DEVICE_KEY'))
  if (typeof used === 'string') throw refreshRefusal(used)
  const { user } = used.signIn
  checkSecretHash(client, [user.username, user.sub], parameters.get('SECRET_HASH'))
  return authenticationResult(pool, used.signIn, 'TokenGeneration_RefreshTokens')
}

/** What the API says to a refresh token that it refuses. */
export function refreshRefusal(reason: RefreshRefusal): ServiceError {
  const type = reason === 'reused' ? 'RefreshTokenReuseException' : 'NotAuthorizedException'
  return new ServiceError(type, refusalMessages[reason])
}
