import type { LocalRequest } from '../server/http.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { getUser } from './get-user.ts'
import { initiateAuth } from './initiate-auth.ts'
import type { Input } from './input.ts'
import { respondToAuthChallenge } from './respond-to-auth-challenge.ts'
import { revokeToken } from './revoke-token.ts'

/** An operation of a JSON API: input in, output out; refusals are thrown as `ServiceError`. Signed ones look at the request. */
export type Operation = (input: Input, request: LocalRequest) => Promise<object> | object

/** The operations of `cognito-idp` that this server has. */
export function userPoolOperations(pool: UserPool): Record<string, Operation> {
  return {
    InitiateAuth: (input) => initiateAuth(pool, input),
    RespondToAuthChallenge: (input) => respondToAuthChallenge(pool, input),
    RevokeToken: (input) => revokeToken(pool, input),
    GetUser: (input) => getUser(pool, input),
  }
}
