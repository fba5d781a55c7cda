import { list, optional, string } from '../server/members.ts'
import { isPublic, secretMatches } from '../user-pool/client.ts'
import { machineScopes, machineToken } from '../user-pool/machine-token.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { clientOf } from '../sign-in/client-checks.ts'
import { invalidParameter, notAuthorized } from '../sign-in/refusal.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'

const scope = string({ min: 1, max: 256, pattern: '[\\x21\\x23-\\x5B\\x5D-\\x7E]+' })

/** GetClientToken: an access token for a client that speaks for itself. The SDK signs it, and nobody looks at the signature. */
export async function getClientToken(pool: UserPool, input: Input): Promise<object> {
  const {
    ClientId,
    Secret,
    Scopes = [],
    ClientMetadata,
  } = readInput(input, {
    ClientId: model.clientId,
    Secret: model.clientSecret,
    Scopes: optional(list(scope, { min: 0, max: Number.MAX_SAFE_INTEGER })),
    ClientMetadata: model.signInMetadata,
  })
  const client = clientOf(pool, ClientId)
  if (!client.explicitAuthFlows.includes('ALLOW_CLIENT_TOKEN_AUTH')) {
    throw invalidParameter('CLIENT_TOKEN_AUTH flow not enabled for this client')
  }
  if (isPublic(client) || !secretMatches(client, Secret)) {
    throw notAuthorized(`Unable to verify client secret for client ${ClientId}`)
  }
  const scopes = machineScopes(pool, client, Scopes)
  if (typeof scopes === 'string') throw invalidParameter('Invalid scope requested.')
  const { accessToken, expiresIn } = await machineToken(pool, client, scopes, ClientMetadata)
  return {
    ClientAuthenticationResult: { AccessToken: accessToken, ExpiresIn: expiresIn, TokenType: 'Bearer' },
  }
}
