import { memoryStore, type SharedStore, UserPool, type UserPoolOptions } from '../../src/index.ts'
import { redisStore } from '../../src/shared-store/redis.ts'
import { startRedis } from './redis.ts'

export const sealingKey = 'a sealing key of more than thirty-two characters'

/** An engine that the pools of a test share as processes would: each with a store of its own. */
export interface Engine {
  store(): Promise<SharedStore>
  /** Every value that is kept, by its key. */
  values(): Promise<Map<string, string>>
  set(key: string, value: string): Promise<void>
  close(): Promise<void>
}

/** In memory, seen through what each of its users does. */
export function memoryEngine(): Promise<Engine> {
  const store = memoryStore()
  const keys = new Set<string>()
  const seen: SharedStore = {
    get: (key) => store.get(key),
    set: (key, ...rest) => store.set((keys.add(key), key), ...rest),
    delete: (key, options) => store.delete(key, options),
    publish: (message) => store.publish(message),
    subscribe: (listener) => store.subscribe(listener),
    close: () => store.close(),
  }
  return Promise.resolve({
    store: () => Promise.resolve(seen),
    async values() {
      const values = await Promise.all([...keys].map(async (key) => [key, await store.get(key)] as const))
      return new Map(values.filter((entry): entry is [string, string] => entry[1] !== undefined))
    },
    set: async (key, value) => void (await store.set(key, value, { ttlMs: 60_000 })),
    close: () => Promise.resolve(),
  })
}

/** A Redis of its own, with a connection for each store. */
export async function redisEngine(): Promise<Engine> {
  const redis = await startRedis()
  const client = await redis.client()
  const stores: SharedStore[] = []
  return {
    async store() {
      const store = redisStore({ client: await redis.client() })
      stores.push(store)
      return store
    },
    async values() {
      const keys = await client.keys('cognito:*')
      const values = await Promise.all(keys.map(async (key) => [key, (await client.get(key)) ?? ''] as const))
      return new Map(values.map(([key, value]) => [key.slice('cognito:'.length), value]))
    },
    set: async (key, value) => void (await client.set(`cognito:${key}`, value, { PX: 60_000 })),
    async close() {
      await Promise.all(stores.map((store) => store.close()))
      await redis.close()
    },
  }
}

/** A pool as another process has it. */
export async function poolOn(
  engine: Engine,
  options: UserPoolOptions,
  wrap: (store: SharedStore) => SharedStore = (store) => store,
): Promise<UserPool> {
  return new UserPool({ sealingKey, ...options, store: wrap(await engine.store()) })
}

/** The methods of a store in an object of their own, some of which a test replaces. */
export function bound(store: SharedStore): SharedStore {
  return {
    get: (key) => store.get(key),
    set: (key, value, options) => store.set(key, value, options),
    delete: (key, options) => store.delete(key, options),
    publish: (message) => store.publish(message),
    subscribe: (listener) => store.subscribe(listener),
    close: () => store.close(),
  }
}

/** Messages of the others do not arrive. */
export function deaf(store: SharedStore): SharedStore {
  return { ...bound(store), subscribe: () => Promise.resolve(() => Promise.resolve()) }
}

/** Rejects everything while it is away, but to listen. */
export function failing(store: SharedStore, isAway: () => boolean): SharedStore {
  const fail = () => (isAway() ? Promise.reject(new Error('away')) : undefined)
  return {
    ...bound(store),
    get: (key) => fail() ?? store.get(key),
    set: (key, value, options) => fail() ?? store.set(key, value, options),
    delete: (key, options) => fail() ?? store.delete(key, options),
    publish: (message) => fail() ?? store.publish(message),
  }
}
