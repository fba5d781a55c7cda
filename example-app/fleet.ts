import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { type Config, configure, type Surroundings } from './config.ts'
import { listen, serve, stop } from './start.ts'
import type { Environment } from './variables.ts'

/** What a process of the fleet is told at its start. */
interface Orders {
  config: Config
  redis: string
  port: number
}

/** The app in several processes that share a port, a Redis and one Cognito. */
export interface Fleet extends Surroundings {
  url: string
}

/** Starts the processes, and new ones for those that end by themselves. Call it in the first process only. */
export async function startFleet(env: Environment, redis: string, processes: number): Promise<Fleet> {
  const { server, port } = await listen(env)
  // Only to find a port: from here on the processes listen there.
  await stop(server)
  const surroundings = await configure(env, port)
  // Its functions stay here: what is "sent" to people is printed by this process.
  const orders: Orders = { config: structuredClone(withoutFunctions(surroundings.config)), redis, port }
  let stopping = false
  const start = async () => {
    const worker = cluster.fork()
    worker.once('exit', () => !stopping && void start())
    // It asks when it can hear.
    worker.once('message', () => worker.send(orders))
    await once(worker, 'listening')
  }
  await Promise.all(Array.from({ length: processes }, start))
  return {
    ...surroundings,
    url: surroundings.config.origin,
    notes: [`${processes} processes share the Redis at ${new URL(redis).host}.`, '', ...surroundings.notes],
    async close() {
      stopping = true
      await Promise.all(Object.values(cluster.workers ?? {}).map(end))
      await surroundings.close()
    },
  }
}

/** One process of the fleet: serves until it is told to stop. */
export async function joinFleet(): Promise<void> {
  process.send?.('ready')
  const [{ config, redis, port }] = (await once(process, 'message')) as [Orders]
  const { close } = await serve({ config, redis, port })
  const leave = () => void close().finally(() => process.exit())
  // Ctrl+C reaches every process of a terminal; the first one says when to stop.
  process.on('SIGINT', () => undefined)
  process.once('SIGTERM', leave).once('disconnect', leave)
}

async function end(worker: Worker | undefined): Promise<void> {
  if (!worker || worker.isDead()) return
  const exited = once(worker, 'exit')
  worker.process.kill('SIGTERM')
  await exited
}

function withoutFunctions({ mailbox: _, ...config }: Config): Config {
  return config
}
