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
  #identity: Promise<Connection<typeof Identity>> | undefined
  #sts: Promise<Connection<typeof Sts>> | undefined

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
    this.#identity ??= this.#connect().catch((error: unknown) => {
      this.#identity = undefined
      throw error
    })
    return this.#call(this.#identity, command, this.#lanes[lane], { namesIdentity })
  }

  /** One call to STS, unsigned. */
  sts<Output>(command: (sdk: typeof Sts) => object): Promise<Output> {
    this.#sts ??= this.#connectSts().catch((error: unknown) => {
      this.#sts = undefined
      throw error
    })
    return this.#call(this.#sts, command, this.#lanes.others, { checksToken: true })
  }

  /** Ends the connections of the clients that were made here. Those of the app are the app's. */
  async close(): Promise<void> {
    const { client, stsClient } = this.#configuration
    if (!client) (await this.#identity)?.client.destroy?.()
    if (!stsClient) (await this.#sts)?.client.destroy?.()
  }

  async #call<Sdk, Output>(
    connected: Promise<Connection<Sdk>>,
    command: (sdk: Sdk) => object,
    lane: Lane,
    about: { namesIdentity?: boolean; checksToken?: boolean },
  ): Promise<Output> {
    const { waitSeconds } = lane.rate
    const answer = withSignal(this.#configuration.timeoutMs, async (abortSignal) => {
      const { sdk, client } = await connected
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
    const { client, region, endpoint, serverCredentials } = this.#configuration
    const made =
      client ??
      new sdk.CognitoIdentityClient({
        region,
        maxAttempts: MAX_ATTEMPTS,
        ...(endpoint !== undefined && { endpoint }),
        ...(serverCredentials !== undefined && { credentials: serverCredentials }),
      })
    return { sdk, client: made as unknown as Client }
  }

  async #connectSts(): Promise<Connection<typeof Sts>> {
    const sdk = await import('@aws-sdk/client-sts')
    const { stsClient, region, stsEndpoint } = this.#configuration
    const made =
      stsClient ??
      new sdk.STSClient({
        region,
        maxAttempts: MAX_ATTEMPTS,
        ...(stsEndpoint !== undefined && { endpoint: stsEndpoint }),
      })
    return { sdk, client: made as unknown as Client }
  }
}
