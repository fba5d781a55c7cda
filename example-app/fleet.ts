import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { type Config, configure, type Surroundings } from './config.ts'
import { setTimeout as wait } from 'node:timers/promises'
import { connectShared } from './shared.ts'
import { listen, serve, stop } from './start.ts'
import type { Environment } from './variables.ts'

/** What a process of the fleet is told at its start. */
interface Orders {
  config: Config
  redis: string
  port: number
}

/** A process that ends by itself is replaced after this time, so that one that cannot live does not keep the machine busy. */
const REPLACE_AFTER_MS = 1_000

/** The app in several processes that share a port, a Redis and one Cognito. */
export interface Fleet extends Surroundings {
  url: string
}

/** Starts the processes, and new ones for those that end by themselves. Call it in the first process only. */
export async function startFleet(env: Environment, redis: string, processes: number): Promise<Fleet> {
  // Said once, and not by every process.
  await (await connectShared(redis)).close()
  const { server, port } = await listen(env)
  // Only to find a port: from here on the processes listen there.
  await stop(server)
  const surroundings = await configure(env, port)
  // Its functions stay here: what is "sent" to people is printed by this process.
  const orders: Orders = { config: structuredClone(withoutFunctions(surroundings.config)), redis, port }
  let stopping = false
  const replace = async (): Promise<void> => {
    await wait(REPLACE_AFTER_MS, undefined, { ref: false })
    if (!stopping) await start().catch(replace)
  }
  const start = async () => {
    const worker = await serving(orders)
    worker.once('exit', () => void replace())
  }
  await Promise.all(Array.from({ length: processes }, start)).catch(async (error: unknown) => {
    stopping = true
    await Promise.all(Object.values(cluster.workers ?? {}).map(end))
    await surroundings.close()
    throw error
  })
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

/** A process that serves. Rejects when it ends before it does; it says itself why. */
function serving(orders: Orders): Promise<Worker> {
  const worker = cluster.fork()
  // It asks when it can hear.
  worker.once('message', () => worker.send(orders))
  return new Promise((resolve, reject) => {
    worker.once('listening', () => resolve(worker))
    worker.once('exit', () => reject(new Error('A process ended before it served.')))
  })
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
