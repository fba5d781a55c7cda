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
  /** Only GetId has a quota that is worth telling apart. */
  rate?: 'GetId' | 'others'
  namesIdentity?: boolean
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
  readonly #rates: { GetId: RequestRate; others: RequestRate }
  readonly #concurrency: Concurrency
  #identity: Promise<{ sdk: typeof Identity; client: Client }> | undefined
  #sts: Promise<{ sdk: typeof Sts; client: Client }> | undefined

  constructor(configuration: IdentityPoolConfiguration) {
    const { identityPoolId, region, requestsPerSecond, maxConcurrency } = configuration
    this.identityPoolId = identityPoolId
    this.region = region
    this.#configuration = configuration
    this.#rates = {
      GetId: new RequestRate(requestsPerSecond.GetId),
      others: new RequestRate(requestsPerSecond.others),
    }
    this.#concurrency = new Concurrency(maxConcurrency)
  }

  /** One call to the identity pool. `namesIdentity`: what is not found is an identity, not the pool. */
  identity<Output>(
    command: (sdk: typeof Identity) => object,
    { rate = 'others', namesIdentity = false }: CallOptions = {},
  ): Promise<Output> {
    return this.#call((this.#identity ??= this.#connect()), command, this.#rates[rate], namesIdentity)
  }

  /** One call to STS, unsigned. */
  sts<Output>(command: (sdk: typeof Sts) => object): Promise<Output> {
    return this.#call((this.#sts ??= this.#connectSts()), command, this.#rates.others)
  }

  /** Ends the connections of the clients that were made here. Those of the app are the app's. */
  async close(): Promise<void> {
    const { client, stsClient } = this.#configuration
    if (!client) (await this.#identity)?.client.destroy?.()
    if (!stsClient) (await this.#sts)?.client.destroy?.()
  }

  async #call<Sdk, Output>(
    connected: Promise<{ sdk: Sdk; client: Client }>,
    command: (sdk: Sdk) => object,
    rate: RequestRate,
    namesIdentity = false,
  ): Promise<Output> {
    const { timeoutMs } = this.#configuration
    const { waitSeconds } = rate
    const { sdk, client } = await connected
    const answer = withSignal(timeoutMs, async (abortSignal) => {
      // First the quota: a crowd that waits for GetId's takes no room from the renewals of others.
      await rate.enter(abortSignal)
      return this.#concurrency.run(abortSignal, () => client.send(command(sdk) as never, { abortSignal }))
    })
    return answer.catch((error: unknown) => explain(error, { namesIdentity, waitSeconds })) as Promise<Output>
  }

  async #connect(): Promise<{ sdk: typeof Identity; client: Client }> {
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

  async #connectSts(): Promise<{ sdk: typeof Sts; client: Client }> {
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
