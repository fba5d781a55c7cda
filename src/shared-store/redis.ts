import { ConfigurationError } from '../errors.ts'
import { assertKnownOptions, optionalText } from '../lib/assert.ts'
import { type Connection, connectionOf, type RedisClient, type Subscriber } from './redis-clients.ts'
import type { SetOptions, SharedStore } from './shared-store.ts'

export type { IoRedisClient, NodeRedisClient, RedisClient } from './redis-clients.ts'
export type { SetOptions, SharedStore } from './shared-store.ts'

/** What `redisStore()` takes. */
export interface RedisStoreOptions {
  /**
   * Your client, or cluster, of `redis` (node-redis, from 4) or of `ioredis`. Yours to connect and to close; the store opens one
   * connection more, with its settings, to listen.
   */
  client: RedisClient
  /** In front of every key and of the channel. Default `cognito:`. */
  prefix?: string | undefined
}

/**
 * One step, however many processes do it at once: KEYS[1] alone, so that a cluster knows where it is. What is no text stands for
 * an empty one, which is no value of ours, so that it can be replaced.
 */
const SET = `local now = redis.pcall('GET', KEYS[1])
if type(now) == 'table' then now = '' end
if ARGV[3] == 'none' and now then return 0 end
if ARGV[3] == 'same' and now ~= ARGV[4] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`
const DELETE = `local now = redis.pcall('GET', KEYS[1])
if type(now) == 'table' then now = '' end
if now ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`

/**
 * What the processes of an app share, in Redis or Valkey: `new UserPool({ …, store: redisStore({ client }), sealingKey })`. Its
 * commands are GET, SET, DEL and EVAL, each on one key of its own, and PUBLISH and SUBSCRIBE on one channel; every key has a
 * time to live. Throws ConfigurationError for a wrong option.
 */
export function redisStore(options: RedisStoreOptions): SharedStore {
  assertKnownOptions('redisStore', options, ['client', 'prefix'])
  const connection = connectionOf(options.client)
  if (!connection)
    throw new ConfigurationError(
      'redisStore: "client" must be a client of redis or ioredis, for example createClient({ url: process.env.REDIS_URL }).',
    )
  return new RedisStore(
    connection,
    optionalText('redisStore', 'prefix', options.prefix, '"shop:"') ?? 'cognito:',
  )
}

class RedisStore implements SharedStore {
  readonly #connection: Connection
  readonly #prefix: string
  readonly #listeners = new Set<(message: string) => void>()
  #subscriber: Subscriber | undefined

  constructor(connection: Connection, prefix: string) {
    this.#connection = connection
    this.#prefix = prefix
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#connection.get(this.#prefix + key).catch(emptyIfNoText)) ?? undefined
  }

  async set(key: string, value: string, { ttlMs, expected }: SetOptions): Promise<boolean> {
    const ttl = String(Math.max(1, Math.floor(ttlMs)))
    const mode = expected === undefined ? 'any' : expected === null ? 'none' : 'same'
    return (await this.#connection.eval(SET, this.#prefix + key, [value, ttl, mode, expected ?? ''])) === 1
  }

  async delete(key: string, { expected }: { expected?: string | undefined } = {}): Promise<boolean> {
    const name = this.#prefix + key
    const { del, eval: run } = this.#connection
    return (expected === undefined ? await del(name) : await run(DELETE, name, [expected])) === 1
  }

  async publish(message: string): Promise<void> {
    await this.#connection.publish(`${this.#prefix}messages`, message)
  }

  async subscribe(listener: (message: string) => void): Promise<() => Promise<void>> {
    // Of its own, so that a function that listens twice is ended once at a time.
    const own = (message: string) => listener(message)
    this.#listeners.add(own)
    const subscriber = (this.#subscriber ??= this.#connection.subscriber(
      `${this.#prefix}messages`,
      (message) => {
        for (const one of [...this.#listeners]) one(message)
      },
    ))
    try {
      await subscriber.listening
    } catch (error) {
      this.#listeners.delete(own)
      if (this.#subscriber === subscriber) await this.close()
      throw error
    }
    return async () => {
      this.#listeners.delete(own)
      if (this.#listeners.size === 0) await this.close()
    }
  }

  async close(): Promise<void> {
    const subscriber = this.#subscriber
    this.#subscriber = undefined
    await subscriber?.end()
  }
}

/** A list or a hash under one of our names. */
function emptyIfNoText(error: unknown): string {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return ''
  throw error
}
