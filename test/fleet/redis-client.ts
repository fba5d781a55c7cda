import { createClient } from 'redis'
import type { RedisSettings } from './settings.ts'

/** Connected, as docs/scaling.md says that a client should be: what Redis does not answer in time fails, and is not kept for later. */
export async function connect({ url, username, password }: RedisSettings) {
  const client = createClient({
    url,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    disableOfflineQueue: true,
    // With it, a connection that breaks while the client says its name is taken for a good one, for ever.
    disableClientInfo: true,
    pingInterval: 1_000,
    socket: {
      connectTimeout: 1_000,
      socketTimeout: 3_000,
      reconnectStrategy: (retries) => Math.min(500, 25 * 2 ** retries),
    },
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}
