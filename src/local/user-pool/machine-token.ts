import { randomUUID } from '../lib/random.ts'
import type { Client } from './client.ts'
import { runTrigger } from './run-trigger.ts'
import { signToken } from './tokens.ts'
import { changedAccessClaims } from './token-overrides.ts'
import type { UserPool } from './user-pool.ts'

/** `unknown`: no resource server has it; `foreign`: one has it, and the client may not use it. */
export type ScopeProblem = 'unknown' | 'foreign'

/** Every scope of the pool's resource servers: `identifier/scopeName`. */
export function customScopes(pool: UserPool): Set<string> {
  const servers = [...pool.settings.resourceServers.values()]
  return new Set(
    servers.flatMap(({ identifier, scopes }) => scopes.map(({ scopeName }) => `${identifier}/${scopeName}`)),
  )
}

/** The scopes of a token for a machine: those asked for, or all that the client may have. */
export function machineScopes(
  pool: UserPool,
  client: Client,
  asked: readonly string[],
): string[] | ScopeProblem {
  const known = customScopes(pool)
  const own = client.scopes.filter((scope) => known.has(scope))
  if (asked.length === 0) return own.length > 0 ? own : 'unknown'
  if (!asked.every((scope) => known.has(scope))) return 'unknown'
  return asked.every((scope) => own.includes(scope)) ? [...new Set(asked)] : 'foreign'
}

/**
 * An access token for a client that speaks for itself (developer guide, "Understanding the access token"): its `sub` is the client
 * id, and it has no user, groups or device.
 */
export async function machineToken(
  pool: UserPool,
  client: Client,
  scopes: readonly string[],
  clientMetadata: Record<string, string> | undefined,
): Promise<{ accessToken: string; expiresIn: number }> {
  const now = pool.clock.nowSeconds()
  const expiresIn = client.accessTokenValiditySeconds
  const claims = {
    sub: client.clientId,
    token_use: 'access',
    scope: scopes.join(' '),
    auth_time: now,
    iss: pool.issuer,
    exp: now + expiresIn,
    iat: now,
    version: 2,
    jti: randomUUID(),
    client_id: client.clientId,
  }
  return {
    accessToken: signToken(pool.keys, 'access', await changed(pool, client, scopes, claims, clientMetadata)),
    expiresIn,
  }
}

/** Only version 3 of the trigger hears of machines. */
async function changed(
  pool: UserPool,
  client: Client,
  scopes: readonly string[],
  claims: Record<string, unknown>,
  clientMetadata: Record<string, string> | undefined,
): Promise<Record<string, unknown>> {
  if (pool.settings.triggers.preTokenGenerationVersion !== 'V3_0') return claims
  const response = await runTrigger(pool, 'preTokenGeneration', {
    source: 'TokenGeneration_ClientCredentials',
    user: { username: 'ClientCredentials', attributes: new Map() },
    client,
    version: '3',
    request: {
      groupConfiguration: {},
      scopes: [...scopes],
      ...(clientMetadata === undefined ? {} : { clientMetadata }),
    },
    response: { claimsAndScopeOverrideDetails: null },
  })
  return response ? changedAccessClaims(claims, response, client.clientId) : claims
}
