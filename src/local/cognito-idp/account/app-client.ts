import { checkSecretHash, clientOf } from '../../sign-in/client-checks.ts'
import type { Client } from '../../user-pool/client.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'

/** The app client of an operation without a token; one with a secret proves it with a hash over the name that it sends. */
export function appClient(
  pool: UserPool,
  { ClientId, Username, SecretHash }: { ClientId: string; Username: string; SecretHash: string | undefined },
): Client {
  const client = clientOf(pool, ClientId)
  checkSecretHash(client, [Username], SecretHash)
  return client
}
