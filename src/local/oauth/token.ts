import { randomUUID } from '../lib/random.ts'
import type { LocalHandler } from '../server/http.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { authenticateClient, OAuthError } from './client-authentication.ts'
import { clientCredentialsGrant } from './client-credentials-grant.ts'
import { codeGrant } from './code-grant.ts'
import { formParameters, json, repeatedParameter } from './parameters.ts'
import { refreshGrant } from './refresh-grant.ts'

const grants = new Map([
  ['authorization_code', codeGrant],
  ['refresh_token', refreshGrant],
  ['client_credentials', clientCredentialsGrant],
])

/** `POST /oauth2/token`. */
export function token(pool: UserPool): LocalHandler {
  return async (request) => {
    const parameters = formParameters(request)
    const grantType = parameters.get('grant_type')
    if (!grantType || repeatedParameter(parameters)) throw new OAuthError('invalid_request')
    const grant = grants.get(grantType)
    if (!grant) throw new OAuthError('unsupported_grant_type')
    const client = authenticateClient(pool, request, parameters)
    return json(200, await grant(pool, client, parameters), { 'x-amz-cognito-request-id': randomUUID() })
  }
}
