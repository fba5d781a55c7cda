import { ConfigurationError } from '../errors.ts'

/** When a value is written. */
export interface SetOptions {
  /** How long the value is kept, in milliseconds. */
  ttlMs: number
  /** Writes only in place of this very value; `null`: only where there is none. Default: whatever is there. */
  expected?: string | null | undefined
}

/**
 * What the processes of an app share: texts under keys, each with a time to live, and messages. Any engine that can
 * compare and set will do; `sharedStoreContract` holds an implementation to what is promised here. What is kept is sealed
 * before it comes here. Methods reject when the engine fails; they need no time limits and no retries of their own.
 */
export interface SharedStore {
  /** The value under a key, or `undefined` where there is none. */
  get(key: string): Promise<string | undefined>
  /** Writes in one step with the comparison. `true`: written; `false`: another value was there. */
  set(key: string, value: string, options: SetOptions): Promise<boolean>
  /** Deletes, with `expected` only that very value, in one step with the comparison. `true`: something was deleted. */
  delete(key: string, options?: { expected?: string | undefined }): Promise<boolean>
  /** Says something to every process that listens, this one included. May be lost. */
  publish(message: string): Promise<void>
  /** Hears what is published from now on, also after the engine was away. Resolves with what ends it. */
  subscribe(listener: (message: string) => void): Promise<() => Promise<void>>
  /** Ends what the store itself opened. May be called twice. */
  close(): Promise<void>
}

const methods = ['get', 'set', 'delete', 'publish', 'subscribe', 'close'] as const

/** The option `store`, or `undefined` when absent. Throws {@link ConfigurationError} for what is no store. */
export function optionalStore(owner: string, value: unknown): SharedStore | undefined {
  if (value === undefined) return undefined
  const store = Object(value) as Partial<Record<string, unknown>>
  if (methods.every((method) => typeof store[method] === 'function')) return value as SharedStore
  throw new ConfigurationError(
    `${owner}: "store" must be a shared store: redisStore({ client }) of passport-cognito-identity/redis, or memoryStore().`,
  )
}
