import { within } from '../lib/within.ts'

/** The part of a client, or a cluster, of `redis` that is used here. */
export interface NodeRedisClient {
  readonly isOpen: boolean
  readonly isReady?: boolean
  get(key: string): Promise<unknown>
  del(key: string): Promise<unknown>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  publish(channel: string, message: string): Promise<unknown>
  duplicate(): unknown
  on(event: string, listener: (...args: string[]) => void): unknown
}

/** The part of a client, or a cluster, of `ioredis` that is used here. */
export interface IoRedisClient {
  readonly status: string
  get(key: string): Promise<unknown>
  del(key: string): Promise<unknown>
  eval(script: string, keys: number, ...keysAndArguments: string[]): Promise<unknown>
  publish(channel: string, message: string): Promise<unknown>
  duplicate(): unknown
  on(event: string, listener: (...args: string[]) => void): unknown
}

/** A client, or a cluster, of `redis` or of `ioredis`. */
export type RedisClient = NodeRedisClient | IoRedisClient

/** Either library, as one. */
export interface Connection {
  get: (key: string) => Promise<string | null>
  del: (key: string) => Promise<unknown>
  eval: (script: string, key: string, args: string[]) => Promise<unknown>
  publish: (channel: string, message: string) => Promise<unknown>
  subscriber: (channel: string, heard: (message: string) => void) => Subscriber
}

/** A connection of its own that listens. */
export interface Subscriber {
  /** Resolves when it does; while Redis is away that may be later than anybody waits for. */
  listening: Promise<void>
  end(): Promise<void>
}

/** What the methods of duplicates differ in. */
interface Duplicate {
  connect?(): Promise<unknown>
  subscribe(channel: string, listener?: (message: string) => void): Promise<unknown>
  on(event: string, listener: (...args: string[]) => void): unknown
  destroy?(): unknown
  disconnect?(): unknown
}

const nothing = () => undefined

/** Either library, told by how it says that it is connected; `undefined` for anything else. */
export function connectionOf(client: unknown): Connection | undefined {
  const { isOpen, status, get, eval: run } = Object(client) as Record<string, unknown>
  if (typeof get !== 'function' || typeof run !== 'function') return undefined
  if (typeof isOpen === 'boolean') return nodeRedis(client as NodeRedisClient)
  if (typeof status === 'string') return ioRedis(client as IoRedisClient)
  return undefined
}

function nodeRedis(client: NodeRedisClient): Connection {
  // Without a listener a lost connection would end the process.
  client.on('error', nothing)
  const ready = whenReady(client, () => client.isReady ?? client.isOpen)
  return {
    get: (key) => ready(() => client.get(key)) as Promise<string | null>,
    del: (key) => ready(() => client.del(key)),
    eval: (script, key, args) => ready(() => client.eval(script, { keys: [key], arguments: args })),
    publish: (channel, message) => ready(() => client.publish(channel, message)),
    subscriber(channel, heard) {
      const duplicate = client.duplicate() as Duplicate
      duplicate.on('error', nothing)
      const listening = (async () => {
        await duplicate.connect?.()
        // It subscribes again by itself after the connection was lost.
        await duplicate.subscribe(channel, heard)
      })()
      return { listening, end: () => ended(duplicate, listening) }
    },
  }
}

function ioRedis(client: IoRedisClient): Connection {
  client.on('error', nothing)
  // `wait`: it connects at the first command.
  const ready = whenReady(client, () => client.status === 'ready' || client.status === 'wait')
  return {
    get: (key) => ready(() => client.get(key)) as Promise<string | null>,
    del: (key) => ready(() => client.del(key)),
    eval: (script, key, args) => ready(() => client.eval(script, 1, key, ...args)),
    publish: (channel, message) => ready(() => client.publish(channel, message)),
    subscriber(channel, heard) {
      const duplicate = client.duplicate() as Duplicate
      duplicate.on('error', nothing)
      duplicate.on('message', (from: string, message: string) => {
        if (from === channel) heard(message)
      })
      // It subscribes again by itself after the connection was lost.
      const listening = (async () => void (await duplicate.subscribe(channel)))()
      return { listening, end: () => ended(duplicate, listening) }
    },
  }
}

function ended(duplicate: Duplicate, listening: Promise<void>): Promise<void> {
  // What was still waiting for a connection is told, and nobody is left to hear it.
  listening.catch(nothing)
  try {
    ;(duplicate.destroy ?? duplicate.disconnect)?.call(duplicate)
  } catch {
    // It was never open.
  }
  return Promise.resolve()
}

/** Clients are connected anew in much less, or not at all for now. */
const CONNECTION_LIMIT_MS = 200

/**
 * Runs commands while there is a connection, so that none waits in a client's queue to be sent when nobody wants it any more.
 */
function whenReady(
  client: { on(event: string, listener: () => void): unknown },
  isReady: () => boolean,
): (command: () => Promise<unknown>) => Promise<unknown> {
  const waiting = new Set<() => void>()
  client.on('ready', () => {
    for (const begin of waiting) begin()
  })
  return async (command) => {
    if (!isReady()) await connected()
    return command()
  }

  async function connected(): Promise<void> {
    let begin = nothing as () => void
    const ready = new Promise<void>((resolve) => waiting.add((begin = resolve)))
    const late = () => new DOMException('The Redis client is not connected.', 'TimeoutError')
    await within(ready, CONNECTION_LIMIT_MS, late).finally(() => waiting.delete(begin))
  }
}
