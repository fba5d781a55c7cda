import { validationError, wrongType } from '../server/constraints.ts'
import { isPublic, secretMatches } from '../user-pool/client.ts'
import { machineScopes, machineToken } from '../user-pool/machine-token.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { clientOf } from '../sign-in/client-checks.ts'
import { invalidParameter, notAuthorized } from '../sign-in/refusal.ts'
import { clientMetadata, readStrings, type Input } from './input.ts'

/** GetClientToken: an access token for a client that speaks for itself. The SDK signs it, and nobody looks at the signature. */
export async function getClientToken(pool: UserPool, input: Input): Promise<object> {
  const { ClientId, Secret } = readStrings(input, ['ClientId', 'Secret'])
  const asked = scopesFrom(input['Scopes'] ?? [])
  const client = clientOf(pool, ClientId)
  if (!client.explicitAuthFlows.includes('ALLOW_CLIENT_TOKEN_AUTH')) {
    throw invalidParameter('CLIENT_TOKEN_AUTH flow not enabled for this client')
  }
  if (isPublic(client) || !secretMatches(client, Secret)) {
    throw notAuthorized(`Unable to verify client secret for client ${ClientId}`)
  }
  const scopes = machineScopes(pool, client, asked)
  if (typeof scopes === 'string') throw invalidParameter('Invalid scope requested.')
  const { accessToken, expiresIn } = await machineToken(pool, client, scopes, clientMetadata(input))
  return {
    ClientAuthenticationResult: { AccessToken: accessToken, ExpiresIn: expiresIn, TokenType: 'Bearer' },
  }
}

function scopesFrom(value: unknown): string[] {
  if (!Array.isArray(value)) throw wrongType('List')
  return value.map((scope) => {
    if (typeof scope !== 'string') throw wrongType('String')
    if (/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(scope)) return scope
    throw validationError('InvalidParameterException', [
      "Value at 'scopes' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\\x21\\x23-\\x5B\\x5D-\\x7E]+]",
    ])
  })
}
