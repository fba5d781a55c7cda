import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { ConfigurationError } from '../errors.ts'
import {
  assertKnownOptions,
  assertOptionalFunction,
  optionalNumber,
  optionalText,
  requireText,
  requireUrl,
} from '../lib/assert.ts'
import type { Claims } from './claims.ts'
import { Concurrency } from '../lib/concurrency.ts'
import { type Fetch, limitedFetch } from '../lib/limited-fetch.ts'
import { sealingKeys } from '../shared-store/sealing-keys.ts'
import { optionalStore, type SharedStore } from '../shared-store/shared-store.ts'
import { ClockSkew } from './clock-skew.ts'
import { dnsSuffix, prefixDomainHost } from './region.ts'
import { optionalClient } from './sdk-client.ts'

/** What `new UserPool()` takes. */
export interface UserPoolOptions {
  /** For example `eu-west-1_AbCdEf123`: Region, issuer, endpoint and Logins key follow from it. */
  userPoolId: string
  /** The app client's id. */
  clientId?: string | undefined
  /** Passport's spelling of `clientId`. */
  clientID?: string | undefined
  /** For app clients that have one. Never shown again. */
  clientSecret?: string | undefined
  /**
   * The managed login: its prefix (`shop-dev`), host (`auth.example.com`) or URL. Needed to sign in, refresh
   * and sign out.
   */
  domain?: string | undefined
  /** Scopes to ask for at sign-in. Default `openid email profile`. */
  scope?: string | readonly string[] | undefined
  /** What `iss` must be. Default: both forms that Cognito uses for this pool. */
  issuer?: string | undefined
  /** Where the pool's API and JWKS are reached. Default: Amazon's host in the pool's Region. */
  endpoint?: string | undefined
  /** Tolerated clock difference in seconds, 0 to 300. Default 0. */
  graceSeconds?: number | undefined
  /** Total time for each exchange with Cognito, in milliseconds. Default 5,000. */
  timeoutMs?: number | undefined
  /**
   * How many verified tokens are remembered, so that one that comes again costs no signature check. About 3 kB
   * each. Default 2,000; 0 remembers none.
   */
  verifiedTokens?: number | undefined
  /**
   * Asked for every authentic, current token: `true` refuses it (401). When it throws or rejects the answer is
   * 503. The end of sign-ins is known without it, by
   * the `UserPool` object that `logout()` was given.
   */
  isRevoked?: ((claims: Claims) => boolean | Promise<boolean>) | undefined
  /** Replaces the global `fetch`, for proxies and tests. */
  fetch?: Fetch | undefined
  /** Your own client of `@aws-sdk/client-cognito-identity-provider`, for direct sign-in. Default: made when first needed. */
  client?: CognitoIdentityProviderClient | undefined
  /**
   * Seals challenges and remembered devices: a secret of 32 characters or more, the same in every process; in a list
   * the first one seals and all of them open. Default: a random one, good for one process and until it ends.
   */
  sealingKey?: string | readonly string[] | undefined
  /**
   * What the processes of an app share: sign-ins are kept there instead of in the session, are refreshed by one process at a
   * time, and end everywhere. `redisStore({ client })` of `passport-cognito-identity/redis`, or `memoryStore()`. Needs a
   * `sealingKey`. Default: every process by itself, with the tokens in the session.
   */
  store?: SharedStore | undefined
  /** How long the app client's refresh tokens are good for, in days, as it is set there: so long a sign-in is kept in the `store`. Default 30. */
  refreshTokenValidityDays?: number | undefined
  /** What authenticator apps show beside the user's name. Default: the domain's host, else the pool id. */
  totpIssuer?: string | undefined
}

/** The checked configuration of a user pool: every address resolved, nothing left to guess. */
export interface UserPoolConfiguration {
  userPoolId: string
  region: string
  clientId: string
  clientSecret: string | undefined
  domain: URL | undefined
  scope: string
  /** The issuer that is written down; `issuers` lists all that are accepted. */
  issuer: string
  issuers: readonly string[]
  jwksUri: string
  loginsKey: string
  graceSeconds: number
  timeoutMs: number
  verifiedTokens: number
  isRevoked: UserPoolOptions['isRevoked']
  fetch: Fetch
  endpoint: string
  client: CognitoIdentityProviderClient | undefined
  sealingKeys: readonly string[]
  store: SharedStore | undefined
  refreshTokenValidityDays: number
  clock: ClockSkew
  /** Requests to the managed login that are under way. */
  domainRequests: Concurrency
  totpIssuer: string
}

const known = [
  'userPoolId',
  'clientId',
  'clientID',
  'clientSecret',
  'domain',
  'scope',
  'issuer',
  'endpoint',
  'graceSeconds',
  'timeoutMs',
  'verifiedTokens',
  'isRevoked',
  'fetch',
  'client',
  'sealingKey',
  'store',
  'refreshTokenValidityDays',
  'totpIssuer',
] as const
const owner = 'UserPool'
/** A token endpoint that hangs holds so many sockets and no more; the others wait, within the time limit, and are then told. */
const MAX_DOMAIN_REQUESTS = 50

/**
 * Checks the options and resolves every address. Throws {@link ConfigurationError} naming the option; does no
 * I/O.
 */
export function configureUserPool(options: UserPoolOptions): UserPoolConfiguration {
  assertKnownOptions(owner, options, known)
  assertOptionalFunction(owner, 'fetch', options.fetch)
  assertOptionalFunction(owner, 'isRevoked', options.isRevoked)
  const { userPoolId, region } = poolId(options.userPoolId)
  const host = `cognito-idp.${region}.${dnsSuffix(region)}`
  const endpoint = options.endpoint === undefined ? `https://${host}` : baseUrl('endpoint', options.endpoint)
  const issuers =
    options.issuer === undefined
      ? [`https://${host}/${userPoolId}`, `https://issuer-${host}/${userPoolId}`]
      : [issuerUrl(options.issuer)]
  const timeoutMs = optionalNumber(owner, 'timeoutMs', options.timeoutMs, {
    min: 1,
    max: 60_000,
    fallback: 5_000,
  })
  const remembered = { min: 0, max: 1_000_000, fallback: 2_000, integer: true }
  const graceSeconds = { min: 0, max: 300, fallback: 0 }
  const domain = options.domain === undefined ? undefined : domainUrl(options.domain, region)
  return {
    userPoolId,
    region,
    clientId: clientId(options),
    clientSecret: optionalText(
      owner,
      'clientSecret',
      options.clientSecret,
      'process.env.COGNITO_CLIENT_SECRET',
    ),
    domain,
    scope: scopeText(options.scope),
    issuer: issuers[0] as string,
    issuers,
    jwksUri: `${endpoint}/${userPoolId}/.well-known/jwks.json`,
    loginsKey: `${host}/${userPoolId}`,
    graceSeconds: optionalNumber(owner, 'graceSeconds', options.graceSeconds, graceSeconds),
    timeoutMs,
    verifiedTokens: optionalNumber(owner, 'verifiedTokens', options.verifiedTokens, remembered),
    isRevoked: options.isRevoked,
    fetch: limitedFetch(options.fetch ?? ((url, init) => fetch(url, init)), timeoutMs),
    endpoint,
    client: optionalClient(owner, options.client),
    sealingKeys: sealingKeys(owner, options.sealingKey, options.store),
    store: optionalStore(owner, options.store),
    refreshTokenValidityDays: days(options.refreshTokenValidityDays),
    clock: new ClockSkew(userPoolId),
    domainRequests: new Concurrency(MAX_DOMAIN_REQUESTS),
    totpIssuer:
      optionalText(owner, 'totpIssuer', options.totpIssuer, '"My Shop"') ?? domain?.hostname ?? userPoolId,
  }
}

/** As Cognito allows: an hour to ten years. */
function days(value: unknown): number {
  return optionalNumber(owner, 'refreshTokenValidityDays', value, { min: 1 / 24, max: 3_650, fallback: 30 })
}

function poolId(value: unknown): { userPoolId: string; region: string } {
  const example = '"eu-west-1_AbCdEf123"'
  const userPoolId = requireText(owner, 'userPoolId', value, example)
  const region = /^([a-z]{2,}(?:-[a-z]+)+-\d+)_[0-9A-Za-z]{1,55}$/.exec(userPoolId)?.[1]
  if (region === undefined) {
    throw new ConfigurationError(`${owner}: "userPoolId" must look like ${example}: REGION_ID.`)
  }
  return { userPoolId, region }
}

function clientId({ clientId, clientID }: UserPoolOptions): string {
  if (clientId !== undefined && clientID !== undefined && clientId !== clientID) {
    throw new ConfigurationError(`${owner}: "clientId" and "clientID" are the same option; give one.`)
  }
  const example = '"4ifa83b1k2example9c0d1e2f3"'
  const id = requireText(owner, 'clientId', clientId ?? clientID, example)
  if (!/^[\w+.-]{1,128}$/.test(id)) {
    throw new ConfigurationError(`${owner}: "clientId" must be an app client id, for example ${example}.`)
  }
  return id
}

function domainUrl(value: unknown, region: string): URL {
  const example = '"shop-dev", "auth.example.com" or "https://auth.example.com"'
  const text = requireText(owner, 'domain', value, example)
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text))
    return new URL(`https://${prefixDomainHost(text, region)}`)
  // A host without a dot would be a misspelt prefix, and fail only at the first sign-in.
  if (!/[.:]/.test(text)) throw new ConfigurationError(`${owner}: "domain" must look like ${example}.`)
  return new URL(baseUrl('domain', text.includes('://') ? text : `https://${text}`, example))
}

/** A URL to which paths are appended: no query, no trailing slash. */
function baseUrl(name: string, value: unknown, example = '"https://cognito.example.com"'): string {
  const url = requireUrl(owner, name, value, example)
  if (url.search !== '')
    throw new ConfigurationError(`${owner}: "${name}" must have no query, for example ${example}.`)
  return url.href.replace(/\/$/, '')
}

/** Kept as written: `iss` is compared as a string (OpenID Connect Core §3.1.3.7). */
function issuerUrl(value: unknown): string {
  requireUrl(owner, 'issuer', value, '"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123"')
  return value as string
}

/** Checks scopes (a string with spaces, or an array) and gives them as the one string of RFC 6749 §3.3. */
export function scopeText(value: unknown = 'openid email profile'): string {
  const scopes: unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : []
  const valid =
    scopes.length > 0 &&
    scopes.every((scope) => typeof scope === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))
  if (!valid || !scopes.includes('openid')) {
    throw new ConfigurationError(
      `${owner}: "scope" must be scopes with "openid" among them, for example "openid email profile": without it there is no ID token.`,
    )
  }
  return scopes.join(' ')
}
