import type { LocalClient, LocalCognito, LocalCognitoOptions } from '../../src/local/index.ts'
import { startLocalCognito } from '../../src/local/index.ts'
import { sealingKey } from '../support/processes.ts'
import { type Client, startRedis, type TestRedis } from '../support/redis.ts'
import { Member } from './member.ts'
import { type Proxy, startProxy } from './proxy.ts'
import type { Pace, RedisSettings } from './settings.ts'

/** What a test may change of the usual fleet. */
export interface FleetOptions {
  processes?: number
  users: LocalCognitoOptions['users']
  client?: LocalClient
  /** Whether the processes have a shared store. Default: yes. */
  shared?: boolean
  /** Of the shared store; default: the fleet's own Redis, as the user who may do everything. */
  store?: Partial<RedisSettings>
  /** Of the session store; the same default. */
  sessions?: Partial<RedisSettings>
  /** Of all clocks but that of Cognito, which is this process's. */
  pace?: Pace
  /** Prepares the Redis before any process starts. */
  prepare?: (redis: Client) => Promise<unknown>
}

/** Processes of one app behind a proxy, on one Redis and one local Cognito that rotates refresh tokens without grace. */
export interface Fleet {
  /** The proxy. */
  url: string
  proxy: Proxy
  local: LocalCognito
  redis: TestRedis
  members: readonly Member[]
  /** Moves the clocks of Cognito and of all processes forward. */
  advance(seconds: number): Promise<void>
  /** A process that has ended, again; and into the proxy. */
  restart(member: Member): Promise<void>
  close(): Promise<void>
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const redis = await startRedis()
  await options.prepare?.(await redis.client())
  const proxy = await startProxy()
  const local = await startLocalCognito({
    users: options.users,
    groups: [{ name: 'admin' }],
    clients: [
      {
        callbackURLs: [`${proxy.url}/callback`],
        logoutURLs: [`${proxy.url}/`],
        refreshTokenRotation: { retryGracePeriodSeconds: 0 },
        ...options.client,
      },
    ],
  })
  let aheadMs = 0
  const start = () =>
    Member.start(local.url, ({ url }) => ({
      publicUrl: proxy.url,
      userPool: { ...local.userPool, domain: url, endpoint: url },
      identityPool: { ...local.identityPool, endpoint: url },
      store: options.shared === false ? undefined : { url: redis.url, ...options.store },
      sessions: { url: redis.url, ...options.sessions },
      sealingKey,
      aheadMs,
      pace: options.pace,
    }))
  const members = await Promise.all(Array.from({ length: options.processes ?? 4 }, start))
  proxy.targets = members.map(({ url }) => url)
  return {
    url: proxy.url,
    proxy,
    local,
    redis,
    members,
    async advance(seconds) {
      aheadMs += seconds * 1_000
      local.clock.advance(seconds)
      await Promise.all(members.map((member) => member.ask({ type: 'shift', aheadMs })))
    },
    async restart(member) {
      await member.start()
      proxy.targets[members.indexOf(member)] = member.url
    },
    async close() {
      await Promise.all(members.map((member) => member.close()))
      await proxy.close()
      await local.close()
      await redis.close()
    },
  }
}
