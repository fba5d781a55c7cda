import { randomUUID } from 'node:crypto'
import type { Client } from './client.ts'
import { machineTokenOverrides } from './token-overrides.ts'
import { signToken } from './tokens.ts'
import type { UserPool } from './user-pool.ts'

/** An access token of a client that acts for itself: its subject is the client, and there is no user in it. */
export async function issueMachineToken(
  pool: UserPool,
  client: Client,
  scopes: readonly string[],
  clientMetadata: Record<string, string> | undefined,
): Promise<string> {
  const now = pool.clock.nowSeconds()
  const override = await machineTokenOverrides(pool, client, scopes, clientMetadata)
  const claims = {
    sub: client.clientId,
    token_use: 'access',
    scope: scopes.join(' '),
    auth_time: now,
    iss: pool.issuer,
    exp: now + client.accessTokenValiditySeconds,
    iat: now,
    version: 2,
    jti: randomUUID(),
    client_id: client.clientId,
  }
  return signToken(pool.keys, 'access', override(claims))
}
