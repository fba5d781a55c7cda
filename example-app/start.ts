import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from './app.ts'
import { configure, type Surroundings } from './config.ts'
import { type Environment, portFrom } from './variables.ts'

/** A running example. */
export interface Example extends Surroundings {
  url: string
}

/** Opens the port first, because the callback URL depends on it, then finds its Cognito, then serves. */
export async function startExample(env: Environment): Promise<Example> {
  const { server, port, moved } = await listen(env)
  try {
    const surroundings = await configure(env, port)
    const { config, notes, close } = surroundings
    server.on('request', createApp(config))
    return {
      ...surroundings,
      url: config.origin,
      notes: moved ? [...notes, `Port 3000 is taken, so the app is on port ${port}.`] : notes,
      close: async () => {
        await stop(server)
        await close()
      },
    }
  } catch (error) {
    await stop(server)
    throw error
  }
}

async function listen(env: Environment): Promise<{ server: Server; port: number; moved: boolean }> {
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

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
