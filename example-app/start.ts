import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, poolsOf } from './app.ts'
import { type Config, configure, type Surroundings } from './config.ts'
import { connectShared } from './shared.ts'
import { type Environment, portFrom } from './variables.ts'

/** A running example. */
export interface Example extends Surroundings {
  url: string
}

/** Opens the port first, because the callback URL depends on it, then finds its Cognito, then serves. */
export async function startExample(env: Environment, { redis }: { redis?: string } = {}): Promise<Example> {
  const { server, port, moved } = await listen(env)
  try {
    const surroundings = await configure(env, port)
    const { config, notes } = surroundings
    const app = await openApp(config, redis)
    server.on('request', app.handle)
    return {
      ...surroundings,
      url: config.origin,
      notes: moved ? [...notes, `Port 3000 is taken, so the app is on port ${port}.`] : notes,
      close: async () => {
        await stop(server)
        await app.close()
        await surroundings.close()
      },
    }
  } catch (error) {
    await stop(server)
    throw error
  }
}

/** Serves on a port that may be shared with other processes, where somebody else has found everything. */
export async function serve({
  config,
  redis,
  port,
}: {
  config: Config
  redis: string
  port: number
}): Promise<{ close: () => Promise<void> }> {
  const app = await openApp(config, redis)
  const server = createServer(app.handle as never).listen(port, process.env['HOST'] || 'localhost')
  await once(server, 'listening')
  return {
    close: async () => {
      await stop(server)
      await app.close()
    },
  }
}

async function openApp(config: Config, redis: string | undefined) {
  const shared = redis === undefined ? undefined : await connectShared(redis)
  const { userPool, identityPool } = config
  const store = shared?.store
  const { sealingKey } = userPool
  const own = shared
    ? {
        ...config,
        store: shared.sessions,
        userPool: { ...userPool, store },
        identityPool: { ...identityPool, store, sealingKey },
      }
    : config
  const pools = poolsOf(own)
  return {
    handle: createApp(own, pools),
    /** What is under way ends first. */
    async close() {
      await Promise.all([pools.userPool.close(), pools.identityPool.close()])
      await shared?.close()
    },
  }
}

export async function listen(env: Environment): Promise<{ server: Server; port: number; moved: boolean }> {
  const wanted = portFrom(env, 'PORT')
  const open = async (port: number) => {
    const server = createServer().listen(port, env['HOST'] || 'localhost')
    await once(server, 'listening')
    return { server, port: (server.address() as AddressInfo).port, moved: false }
  }
  return open(wanted ?? 3000).catch(async (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    // A port that was asked for is not exchanged for another one.
    if (wanted !== undefined) throw new Error(`PORT: port ${wanted} is taken.`, { cause: error })
    return { ...(await open(0)), moved: true }
  })
}

/** How long requests that are under way may take to end. */
const STOP_LIMIT_MS = 5_000

export async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const limit = setTimeout(() => server.closeAllConnections(), STOP_LIMIT_MS)
  await closed
  clearTimeout(limit)
}
