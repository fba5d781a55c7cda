import { OAuthError } from './client-authentication.ts'
import type { Client } from '../user-pool/client.ts'
import { customScopes } from '../user-pool/machine-token.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

const standardScopes = new Set(['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin'])

/** The first scope that does not exist: neither a standard one, nor of a resource server, nor listed by the client. */
export function unknownScope(pool: UserPool, client: Client, scopes: readonly string[]): string | undefined {
  const ofServers = customScopes(pool)
  return scopes.find(
    (scope) => !standardScopes.has(scope) && !ofServers.has(scope) && !client.scopes.includes(scope),
  )
}

/** Whether the client may see every attribute that these scopes stand for (developer guide, "Token endpoint"). */
export function canReadScopes(client: Client, scopes: readonly string[]): boolean {
  return scopes.every((scope) =>
    (attributesOf.get(scope) ?? []).every((attribute) => client.readAttributes?.has(attribute) ?? true),
  )
}

const attributesOf = new Map([
  ['email', ['email', 'email_verified']],
  ['phone', ['phone_number', 'phone_number_verified']],
  // The claims of `profile` (OpenID Connect Core §5.4), as far as they are attributes of a pool. Custom attributes are no part of it.
  [
    'profile',
    [
      ...['name', 'family_name', 'given_name', 'middle_name', 'nickname', 'preferred_username', 'profile'],
      ...['picture', 'website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at'],
    ],
  ],
])

/** The scopes that a token request asks for. A scope that exists but is not the client's is refused in another way than an unknown one. */
export function checkScopes(pool: UserPool, client: Client, parameters: URLSearchParams): string[] {
  const scopes = [...new Set((parameters.get('scope') ?? '').split(' ').filter(Boolean))]
  if (unknownScope(pool, client, scopes) !== undefined) throw new OAuthError('invalid_scope')
  if (!scopes.every((scope) => client.scopes.includes(scope))) throw new OAuthError('invalid_grant')
  return scopes
}
