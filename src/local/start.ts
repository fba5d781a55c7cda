import { inspect } from 'node:util'
import { addressesOf, type Addresses } from './addresses.ts'
import { beginning } from './beginning.ts'
import { createClock, type Clock } from './lib/clock.ts'
import { createMemory } from './lib/memory.ts'
import { seededRandom, withRandom } from './lib/random.ts'
import { ConfigurationError } from './options/configuration-error.ts'
import { refuse } from './options/option-checks.ts'
import { createFaults, type Faults } from './server/faults.ts'
import type { IssueProviderToken } from './identity-pool/providers/issue-provider-token.ts'
import { poolHandles, type LocalPoolHandle } from './pool-handles.ts'
import { resolveOptions, type LocalCognitoOptions } from './options/options.ts'
import { createKeeper, type Keeper } from './persist/keeper.ts'
import { writeState } from './persist/state-file.ts'
import { createRequestLog, type RequestCounts } from './server/requests.ts'
import { listen, serve, stop } from './server/server.ts'
import { operationNames } from './services.ts'
import { createOutbox, type LocalOutbox } from './user-pool/outbox.ts'
import { createWorld, type Surroundings, type World } from './world.ts'

export type { LocalUserPoolOptions } from './addresses.ts'
export type { LocalPoolHandle } from './pool-handles.ts'

/** A running local Cognito. */
export interface LocalCognito extends Addresses, LocalPoolHandle {
  /** The further pools, in the order of the option `userPools`. */
  userPools: LocalPoolHandle[]
  /** How often each operation was asked for, and the last requests. */
  requests: RequestCounts
  /** Makes an operation (`*`: every one) fail, until the returned function is called or `times` is used up. */
  fail: Faults['fail']
  /** What was "sent" by e-mail and text message: confirmation codes, invitations. */
  outbox: LocalOutbox
  /** A token as an identity provider outside gives it (`graph.facebook.com`, …), which the identity pool then accepts. */
  issueProviderToken: IssueProviderToken
  /** What this server takes for the time; moving it moves every expiry. */
  clock: Clock
  /**
   * Back to the start: users and groups of the options, no sessions, codes, messages, identities, objects, faults or counts, and the
   * clock unmoved. Address, ids and keys stay.
   */
  reset(): Promise<void>
  /** Ends the server and all its connections, and writes the file of `persist`. May be called twice. */
  close(): Promise<void>
}

/**
 * Starts a Cognito on 127.0.0.1 for development and tests. Rejects with `ConfigurationError`, before a port opens, when an
 * option is wrong or `NODE_ENV` says production.
 */
export async function startLocalCognito(options: LocalCognitoOptions = {}): Promise<LocalCognito> {
  refuseProduction(process.env['NODE_ENV'])
  const { seed } = resolveOptions(options)
  const seeded = () => (seed === undefined ? undefined : seededRandom(seed))
  let random = seeded()
  const within = <T>(run: () => T) => withRandom(random, run)
  const clock = createClock(seed === undefined ? undefined : seededStart)
  // A source of its own: a reset makes no new ids of clients, and what follows is the same all the same.
  const first = withRandom(seeded(), () => resolveOptions(options, clock.now()))
  const begun = await beginning(options, first, clock)
  const { resolved, keys, memory } = begun
  const { server, url } = await listen(resolved.host, resolved.port)
  const surroundings = { url, clock, keys, outbox: createOutbox(clock) }
  let world = createWorld(resolved, surroundings, memory)
  const keeper = keeperOf(() => world, surroundings)
  const operations = operationNames(world.services)
  const requests = createRequestLog(operations)
  const faults = createFaults(operations)
  serve(server, {
    services: () => world.services,
    now: () => clock.now(),
    within,
    served: () => keeper?.changed(),
    requests,
    faults,
    dangerouslyExpose: resolved.dangerouslyExpose,
  })
  await keeper?.flush().catch(async () => {
    await stop(server)
    refuse('persist', 'a file that can be read and written')
  })
  let closing: Promise<void> | undefined
  const [pool, ...userPools] = poolHandles(() => world, within)
  const local = {
    ...addressesOf(world.pools.first, resolved),
    ...pool,
    userPools,
    requests: requests.counts,
    fail: (...fault: Parameters<Faults['fail']>) => faults.fail(...fault),
    outbox: surroundings.outbox.readable,
    issueProviderToken: (...order: Parameters<IssueProviderToken>) => world.issueProviderToken(...order),
    clock,
    async reset() {
      clock.reset()
      random = seeded()
      world = createWorld(begun.again(), surroundings, createMemory())
      surroundings.outbox.readable.clear()
      requests.counts.clear()
      faults.clear()
      await keeper?.flush()
    },
    close: () => (closing ??= stop(server).then(() => keeper?.flush())),
    // Logging the handle shows where it runs, not the client secrets in it.
    [inspect.custom]: () => `LocalCognito { url: '${url}', userPoolId: '${pool.userPool.userPoolId}' }`,
  }
  return local
}

/** Where a seeded clock stands. */
const seededStart = Date.UTC(2026, 0, 1)

/** A local Cognito lets anyone who knows its users' printed passwords in. */
function refuseProduction(environment = ''): void {
  if (!['production', 'prod'].includes(environment.trim().toLowerCase())) return
  throw new ConfigurationError(
    '[local Cognito] refuses to start with NODE_ENV=production: it is for development only',
  )
}

/** Writes the file of `persist`; undefined without that option. */
function keeperOf(world: () => World, { keys }: Surroundings): Keeper | undefined {
  const { persist: file } = world().options
  if (file === undefined) return undefined
  const write = () => {
    const { memory, options } = world()
    return writeState(file, { userPools: options.userPools, keys, memory })
  }
  // What could not be written now may be later, and at the latest `close()` says so.
  return createKeeper(write, (error) => process.emitWarning(warningOf(error)))
}

function warningOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return `[local Cognito] the file of "persist" could not be written (${typeof code === 'string' ? code : 'unknown'})`
}
