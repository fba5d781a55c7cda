import { RedisStore } from 'connect-redis'
import type { Store } from 'express-session'
import type { SharedStore } from 'passport-cognito-identity'
import { redisStore } from 'passport-cognito-identity/redis'
import { createClient } from 'redis'

/** What all processes of the app share. */
export interface Shared {
  /** Sessions of browsers. */
  sessions: Store
  /** Sign-ins and credentials of users. */
  store: SharedStore
  close: () => Promise<void>
}

/** Rejects when nothing answers at the address: an app that starts without its sessions would only seem to run. */
export async function connectShared(url: string): Promise<Shared> {
  // Without its name: a connection that breaks while the client says it would be taken for a good one.
  const client = createClient({
    url,
    disableClientInfo: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: retry },
  })
  let connected = false
  client.on('error', () => undefined)
  await client.connect().catch((error: unknown) => {
    throw new Error('--redis: no Redis answers at this address.', { cause: error })
  })
  connected = true
  const store = redisStore({ client, prefix: 'harbour:' })
  const sessions = new RedisStore({ client, prefix: 'harbour:session:' })
  return {
    sessions,
    store,
    async close() {
      await store.close()
      await client.close()
    },
  }

  /** Once it was there, it will be again. */
  function retry(tries: number): number | false {
    return connected ? Math.min(2_000, tries * 50) : false
  }
}
