import type { LocalHandler } from '../server/http.ts'
import { domainOf, type UserPool } from '../user-pool/user-pool.ts'
import { json } from './parameters.ts'

/** `/<poolId>/.well-known/openid-configuration`: the members that Cognito publishes, no `code_challenge_methods_supported`. */
export function discovery(pool: UserPool): LocalHandler {
  const domain = domainOf(pool)
  return () =>
    json(200, {
      authorization_endpoint: `${domain}/oauth2/authorize`,
      end_session_endpoint: `${domain}/logout`,
      id_token_signing_alg_values_supported: ['RS256'],
      issuer: pool.issuer,
      jwks_uri: `${pool.url}/${pool.userPoolId}/.well-known/jwks.json`,
      response_types_supported: ['code', 'token'],
      revocation_endpoint: `${domain}/oauth2/revoke`,
      scopes_supported: ['openid', 'email', 'phone', 'profile'],
      subject_types_supported: ['public'],
      token_endpoint: `${domain}/oauth2/token`,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      userinfo_endpoint: `${domain}/oauth2/userInfo`,
    })
}
