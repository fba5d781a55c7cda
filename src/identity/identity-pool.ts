import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import { ConfigurationError, CredentialsError } from '../errors.ts'
import { assertKnownOptions, brand, optionalNumber, requireText, requireUrl } from '../lib/assert.ts'
import type { CognitoIdentityCredentials, CredentialsOwner, Logins } from './credentials.ts'
import { type CacheKey, CredentialsCache, loginsKey, ownerKey } from './credentials-cache.ts'
import { type EnhancedFlow, getCredentialsForIdentity, getId } from './enhanced-flow.ts'

/** What `new IdentityPool()` takes. */
export interface IdentityPoolOptions {
  /** For example `eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c`; the Region follows from it. */
  identityPoolId: string
  /** Where the identity pool's API is reached. Default: Amazon's host in the pool's Region. */
  endpoint?: string | undefined
  /** Total time for each call including its retries, in milliseconds. Default 5,000. */
  timeoutMs?: number | undefined
  /** Your own client of `@aws-sdk/client-cognito-identity`, instead of `endpoint`. */
  client?: CognitoIdentityClient | undefined
}

const owner = 'IdentityPool'

/**
 * A Cognito identity pool: what AWS lets a user do. Holds the credentials cache; make one and share it.
 * The constructor does no I/O and throws {@link ConfigurationError} for a wrong, empty or unknown option.
 */
export class IdentityPool {
  readonly identityPoolId: string
  readonly region: string
  /** @internal */
  readonly [brand] = 'IdentityPool'
  readonly #flow: EnhancedFlow
  readonly #cache = new CredentialsCache()

  constructor(options: IdentityPoolOptions) {
    assertKnownOptions(owner, options, ['identityPoolId', 'endpoint', 'timeoutMs', 'client'])
    const { identityPoolId, region } = poolId(options.identityPoolId)
    this.identityPoolId = identityPoolId
    this.region = region
    const timeoutMs = optionalNumber(owner, 'timeoutMs', options.timeoutMs, {
      min: 1,
      max: 60_000,
      fallback: 5_000,
    })
    this.#flow = { identityPoolId, timeoutMs, client: lazyClient(options, region) }
  }

  /**
   * AWS credentials for these logins through the enhanced flow: GetId, then GetCredentialsForIdentity. Cached
   * until five minutes before they expire; concurrent calls share one load. With no logins nothing is called: a
   * guest is only who asks to be one. `owner` comes from verified claims and lets a user keep the same
   * credentials across tokens; without it the tokens themselves are the key. Throws {@link CredentialsError} or
   * UnavailableError.
   */
  async credentials(
    logins: Logins,
    { owner }: { owner?: CredentialsOwner } = {},
  ): Promise<CognitoIdentityCredentials> {
    assertLogins(logins)
    const key = owner ? ownerKey(this.identityPoolId, owner, logins) : loginsKey(this.identityPoolId, logins)
    return this.#cache.get(key, async (knownIdentityId) =>
      getCredentialsForIdentity(this.#flow, knownIdentityId ?? (await getId(this.#flow, logins)), logins),
    )
  }

  /**
   * Drops what is cached for a user, whatever their role. Credentials already handed out live on until they
   * expire: AWS cannot recall them.
   */
  forget(owner: Omit<CredentialsOwner, 'role'>): void {
    const { user }: CacheKey = ownerKey(this.identityPoolId, { ...owner, role: '' }, {})
    this.#cache.forget(user)
  }
}

function poolId(value: unknown): { identityPoolId: string; region: string } {
  const example = '"eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c"'
  const identityPoolId = requireText(owner, 'identityPoolId', value, example)
  const region = /^([a-z]{2,}(?:-[a-z]+)+-\d+):[0-9a-f-]+$/.exec(identityPoolId)?.[1]
  if (region === undefined || identityPoolId.length > 55) {
    throw new ConfigurationError(
      `${owner}: "identityPoolId" must look like ${example}: REGION:GUID, in lower case.`,
    )
  }
  return { identityPoolId, region }
}

/**
 * The SDK is loaded, and its client made, when credentials are first asked for. GetId and
 * GetCredentialsForIdentity are unsigned.
 */
function lazyClient(
  { client, endpoint }: IdentityPoolOptions,
  region: string,
): () => Promise<CognitoIdentityClient> {
  if (client !== undefined) {
    if (endpoint !== undefined)
      throw new ConfigurationError(`${owner}: give "client" or "endpoint", not both.`)
    if (typeof (client as { send?: unknown } | null)?.send !== 'function') {
      throw new ConfigurationError(
        `${owner}: "client" must be a CognitoIdentityClient of @aws-sdk/client-cognito-identity.`,
      )
    }
    return () => Promise.resolve(client)
  }
  const url =
    endpoint === undefined
      ? undefined
      : requireUrl(owner, 'endpoint', endpoint, '"https://cognito.example.com"').href
  let made: Promise<CognitoIdentityClient> | undefined
  return () =>
    (made ??= import('@aws-sdk/client-cognito-identity').then(
      ({ CognitoIdentityClient }) =>
        new CognitoIdentityClient({ region, ...(url !== undefined && { endpoint: url }) }),
    ))
}

function assertLogins(logins: unknown): asserts logins is Logins {
  const entries = typeof logins === 'object' && logins !== null ? Object.entries(logins) : []
  if (entries.length === 0) {
    throw new CredentialsError(
      'no_identity',
      'No logins, no credentials: pass { [userPool.loginsKey]: idToken }.',
    )
  }
  for (const [provider, token] of entries) {
    if (typeof token !== 'string' || token === '') {
      throw new CredentialsError('no_identity', `The login of "${provider}" must be a token.`)
    }
  }
}
