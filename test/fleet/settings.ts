/** How a process reaches a Redis. */
export interface RedisSettings {
  url: string
  username?: string | undefined
  password?: string | undefined
}

/** What a process of the fleet is told when it starts, in the environment variable `FLEET`. */
export interface AppSettings {
  /** Where browsers find the app: the proxy. */
  publicUrl: string
  userPool: { userPoolId: string; clientId: string; domain: string; issuer: string; endpoint: string }
  identityPool: { identityPoolId: string; endpoint: string; stsEndpoint: string }
  /** Of the shared store; without one every process is by itself. */
  store: RedisSettings | undefined
  /** Of the session store. */
  sessions: RedisSettings
  sealingKey: string
  /** How far the clock is ahead, in milliseconds. */
  aheadMs: number
  pace?: Pace | undefined
}

/** Time that goes by faster: the same in every process, whether it was stopped meanwhile or not. */
export interface Pace {
  /** From when on, in milliseconds since the epoch. */
  since: number
  speed: number
}

/** What a process is asked over IPC. Each order is answered by one {@link AppReply} with its id. */
export type AppOrder = { id: number } & (
  | { type: 'shift'; aheadMs: number }
  | { type: 'inFlight' }
  /** Collects garbage first, where the process was started with `--expose-gc`. */
  | { type: 'heap' }
  /** How often Redis did not give this process an answer in time. */
  | { type: 'storeFailures' }
  /** How late the event loop was since this was asked last: the 99th percentile, in milliseconds. */
  | { type: 'delay' }
)

export interface AppReply {
  id: number
  value: number
}

/** What a process says by itself: where it listens. */
export interface AppListening {
  url: string
}
