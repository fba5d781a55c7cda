import { isPublic, secretHashMatches, type Client } from '../user-pool/client.ts'
import { ServiceError } from '../server/service-error.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** The app client of an operation, or `ResourceNotFoundException`. */
export function clientOf(pool: UserPool, clientId: string): Client {
  const client = pool.clients.get(clientId)
  if (client) return client
  throw new ServiceError('ResourceNotFoundException', `User pool client ${clientId} does not exist.`)
}

/**
 * `SECRET_HASH` = Base64(HMAC-SHA256(client secret, name + client id)) for confidential clients; public ones must not send it.
 * `names` are those that count: what the caller sends at first, the internal username or `sub` later.
 */
export function checkSecretHash(
  client: Client,
  names: readonly string[],
  secretHash: string | undefined,
): void {
  const { clientId } = client
  if (isPublic(client) && secretHash === undefined) return
  if (secretHash === undefined) {
    throw new ServiceError(
      'NotAuthorizedException',
      `Client ${clientId} is configured with secret but SECRET_HASH was not received`,
    )
  }
  if (names.some((name) => secretHashMatches(client, name, secretHash))) return
  throw new ServiceError('NotAuthorizedException', `Unable to verify secret hash for client ${clientId}`)
}
