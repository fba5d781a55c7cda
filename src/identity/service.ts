import type * as Identity from '@aws-sdk/client-cognito-identity'
import type * as Sts from '@aws-sdk/client-sts'
import { Concurrency } from '../lib/concurrency.ts'
import { RequestRate } from '../lib/request-rate.ts'
import { withSignal } from '../lib/within.ts'
import type { IdentityPoolConfiguration } from './options.ts'
import { explain } from './refusals.ts'

/** Attempts of one call, back-off with full jitter between them: the SDK's standard mode. */
const MAX_ATTEMPTS = 3

interface CallOptions {
  /** GetId has a quota of its own, and whoever waits for it takes no room from renewals. */
  lane?: 'GetId' | 'others'
  namesIdentity?: boolean
}

interface Lane {
  rate: RequestRate
  concurrency: Concurrency
}

interface Connection<Sdk> {
  sdk: Sdk
  client: Client
}

interface Client {
  send(command: never, options: { abortSignal: AbortSignal }): Promise<unknown>
  destroy?(): void
}

/**
 * The identity pool's API and STS: within their quotas, a bounded number of calls at once, and each within the pool's
 * time limit. The SDK is loaded, and its clients made, at the first call. Calls throw CredentialsError and
 * UnavailableError.
 */
export class Service {
  readonly identityPoolId: string
  readonly region: string
  readonly #configuration: IdentityPoolConfiguration
  readonly #lanes: { GetId: Lane; others: Lane }
  readonly #identity = once(() => this.#connect())
  readonly #sts = once(() => this.#connectSts())
  /** Clients that were made here. Those of the app are the app's to close. */
  readonly #made: Client[] = []

  constructor(configuration: IdentityPoolConfiguration) {
    const { identityPoolId, region, requestsPerSecond, maxConcurrency } = configuration
    this.identityPoolId = identityPoolId
    this.region = region
    this.#configuration = configuration
    const lane = (perSecond: number) => ({
      rate: new RequestRate(perSecond),
      concurrency: new Concurrency(maxConcurrency),
    })
    this.#lanes = { GetId: lane(requestsPerSecond.GetId), others: lane(requestsPerSecond.others) }
  }

  /** One call to the identity pool. `namesIdentity`: what is not found is an identity, not the pool. */
  identity<Output>(
    command: (sdk: typeof Identity) => object,
    { lane = 'others', namesIdentity = false }: CallOptions = {},
  ): Promise<Output> {
    return this.#call(this.#identity, command, this.#lanes[lane], { namesIdentity })
  }

  /** One call to STS, unsigned. */
  sts<Output>(command: (sdk: typeof Sts) => object): Promise<Output> {
    return this.#call(this.#sts, command, this.#lanes.others, { checksToken: true })
  }

  /** Ends the connections of the clients that were made here. */
  close(): void {
    for (const client of this.#made) client.destroy?.()
  }

  async #call<Sdk, Output>(
    connect: () => Promise<Connection<Sdk>>,
    command: (sdk: Sdk) => object,
    lane: Lane,
    about: { namesIdentity?: boolean; checksToken?: boolean },
  ): Promise<Output> {
    const { waitSeconds } = lane.rate
    const answer = withSignal(this.#configuration.timeoutMs, async (abortSignal) => {
      const { sdk, client } = await connect()
      return lane.concurrency.run(abortSignal, async () => {
        // Last the quota, so that what is left of it is not saved up while calls wait for room.
        await lane.rate.enter(abortSignal)
        return client.send(command(sdk) as never, { abortSignal })
      })
    })
    return answer.catch((error: unknown) => explain(error, { ...about, waitSeconds })) as Promise<Output>
  }

  async #connect(): Promise<Connection<typeof Identity>> {
    const sdk = await import('@aws-sdk/client-cognito-identity')
    const { client, endpoint, serverCredentials: credentials } = this.#configuration
    const make = () =>
      new sdk.CognitoIdentityClient({ ...this.#settings(endpoint), ...(credentials && { credentials }) })
    return { sdk, client: this.#clientOf(client, make) }
  }

  async #connectSts(): Promise<Connection<typeof Sts>> {
    const sdk = await import('@aws-sdk/client-sts')
    const { stsClient, stsEndpoint } = this.#configuration
    const make = () => new sdk.STSClient(this.#settings(stsEndpoint))
    return { sdk, client: this.#clientOf(stsClient, make) }
  }

  #settings(endpoint: string | undefined) {
    return { region: this.region, maxAttempts: MAX_ATTEMPTS, ...(endpoint !== undefined && { endpoint }) }
  }

  #clientOf(given: unknown, make: () => unknown): Client {
    if (given !== undefined) return given as Client
    const client = make() as Client
    this.#made.push(client)
    return client
  }
}

/** What is made at the first call, and again after it could not be made. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    }))
}
