import { usableAccessToken } from '../user-pool/access-token.ts'
import { ServiceError } from '../server/service-error.ts'
import { apiScope } from '../user-pool/tokens.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { readStrings, type Input } from './input.ts'

/** GetUser: the attributes, all as strings, of the user that an access token speaks for. */
export async function getUser(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken } = readStrings(input, ['AccessToken'])
  const found = await usableAccessToken(pool, AccessToken)
  if (typeof found === 'string') throw new ServiceError('NotAuthorizedException', found)
  if (!found.scopes.includes(apiScope)) {
    throw new ServiceError('NotAuthorizedException', 'Access Token does not have required scopes')
  }
  const { user } = found
  return {
    UserAttributes: [...user.attributes].map(([Name, Value]) => ({ Name, Value })),
    Username: user.username,
  }
}
