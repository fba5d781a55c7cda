import { LRUCache } from 'lru-cache'
import type { CredentialsProvider } from './provider.ts'

/** An AWS SDK client (v3), as far as it matters here. */
interface AwsClient {
  config: { requestHandler?: unknown }
}
interface RequestHandler {
  handle: unknown
  destroy?: () => void
}

/** The constructor of a client of the AWS SDK v3: `S3Client`, `DynamoDBClient`, … */
export type AwsClientClass<Config, Client> = new (config: Config) => Client

/** A client is about 50 kB, so some 25 MB when full. */
const MAX_USERS = 500
const MAX_CLIENTS_OF_USER = 16
/** Kinds of connections: classes times configurations of their handlers. */
const MAX_HANDLERS = 64

/**
 * AWS SDK clients, one for each user and configuration: making one for every request costs milliseconds, and keeping one
 * for every user for ever costs memory. All users share the connections, which belong to nobody, since every request is
 * signed by itself; so a client that falls out leaves nothing open, and cuts nobody off who still uses it.
 */
export class AwsClients {
  readonly #users = new LRUCache<CredentialsProvider, LRUCache<string, object>>({ max: MAX_USERS })
  readonly #handlers = new LRUCache<string, { own: RequestHandler; shared: object }>({ max: MAX_HANDLERS })
  readonly #numbers = new WeakMap<object, number>()
  #next = 0

  /** The client of this user with this configuration; made when there is none. */
  get<Config extends object, Client extends object>(
    credentials: CredentialsProvider,
    Class: AwsClientClass<Config, Client>,
    config: Config,
  ): Client {
    const clients = this.#users.get(credentials) ?? new LRUCache({ max: MAX_CLIENTS_OF_USER })
    this.#users.set(credentials, clients)
    const key = this.#keyOf([Class, config])
    const known = clients.get(key)
    if (known) return known as Client
    const client = this.#make(credentials, Class, config)
    clients.set(key, client)
    return client
  }

  /** How many users have clients here. */
  get size(): number {
    return this.#users.size
  }

  /** How many kinds of connections there are. */
  get handlers(): number {
    return this.#handlers.size
  }

  /** Ends the connections. */
  close(): void {
    for (const { own } of this.#handlers.values()) own.destroy?.()
    this.#handlers.clear()
    this.#users.clear()
  }

  #make<Config extends object, Client extends object>(
    credentials: CredentialsProvider,
    Class: AwsClientClass<Config, Client>,
    config: Config,
  ): Client {
    const { requestHandler } = config as { requestHandler?: unknown }
    // A handler of the app is the app's to share and to close.
    if (isHandler(requestHandler)) return new Class({ ...config, credentials })
    const handler = this.#handler(Class, config)
    return new Class({ ...config, credentials, ...(handler && { requestHandler: handler }) })
  }

  /** The connections of one class and handler configuration, as the SDK makes them. */
  #handler<Config extends object>(Class: AwsClientClass<Config, object>, config: Config): object | undefined {
    const { requestHandler: options } = config as { requestHandler?: unknown }
    const key = this.#keyOf([Class, options])
    const known = this.#handlers.get(key)
    if (known) return known.shared
    const own = (new Class(config) as AwsClient).config.requestHandler
    if (!isHandler(own)) return undefined
    const shared = undestroyable(own)
    this.#handlers.set(key, { own, shared })
    return shared
  }

  /** Values by their contents, functions and instances by what they are. */
  #keyOf(value: unknown): string {
    return JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'bigint') return String(part)
      return isOpaque(part) ? `#${this.#numberOf(part)}` : part
    })
  }

  #numberOf(part: object): number {
    const number = this.#numbers.get(part) ?? (this.#next += 1)
    this.#numbers.set(part, number)
    return number
  }
}

/** What one user's code destroys must not cut off the others, who share the connections. */
function undestroyable(handler: RequestHandler): object {
  return new Proxy(handler, {
    get(target, name) {
      if (name === 'destroy') return () => undefined
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value
    },
  })
}

function isHandler(value: unknown): value is RequestHandler {
  return typeof (value as RequestHandler | null | undefined)?.handle === 'function'
}

/** What JSON would leave out or take apart. */
function isOpaque(value: unknown): value is object {
  if (typeof value === 'function') return true
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype !== Object.prototype && prototype !== null
}
