import type * as OpenidClient from 'openid-client'
import { ConfigurationError } from '../errors.ts'
import type { Fetch } from '../lib/limited-fetch.ts'
import { withSignal } from '../lib/within.ts'
import type { UserPoolConfiguration } from './options.ts'

/**
 * openid-client is loaded at the first sign-in or refresh: who only verifies bearer tokens does not pay for it.
 */
export const loadOpenidClient = (): Promise<typeof OpenidClient> => import('openid-client')

/** The pool's managed-login address. Throws {@link ConfigurationError} when none was configured. */
export function requireDomain({ domain }: UserPoolConfiguration): URL {
  if (domain) return domain
  throw new ConfigurationError(
    'UserPool needs the option "domain" for this, for example "https://auth.example.com".',
  )
}

/** An address on the pool's domain. */
export function endpoint(pool: UserPoolConfiguration, path: string): URL {
  const domain = requireDomain(pool)
  return new URL(domain.href.replace(/\/$/, '') + path)
}

/** openid-client's configuration for this pool: no discovery, all addresses follow from the options. */
export async function connect(
  pool: UserPoolConfiguration,
  fetch: Fetch = pool.fetch,
): Promise<OpenidClient.Configuration> {
  const oidc = await loadOpenidClient()
  const server = {
    issuer: pool.issuer,
    authorization_endpoint: endpoint(pool, '/oauth2/authorize').href,
    token_endpoint: endpoint(pool, '/oauth2/token').href,
    revocation_endpoint: endpoint(pool, '/oauth2/revoke').href,
  }
  const authentication =
    pool.clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(pool.clientSecret)
  const config = new oidc.Configuration(server, pool.clientId, {}, authentication)
  config[oidc.customFetch] = (url, init) => inTurn(pool, fetch, url, init as RequestInit)
  // Only loopback addresses get past the constructor with plain http.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to stand out, not to go away
  if (requireDomain(pool).protocol === 'http:') oidc.allowInsecureRequests(config)
  return config
}

/**
 * Within the time limit, the wait for a place included. Whoever has waited for half of it is told so instead of being sent: an
 * answer that comes too late uses a code or a refresh token up for nothing.
 */
function inTurn(
  { timeoutMs, domainRequests }: UserPoolConfiguration,
  fetch: Fetch,
  url: string,
  init: RequestInit,
): Promise<Response> {
  const since = performance.now()
  return withSignal(timeoutMs, (signal) =>
    domainRequests.run(signal, async () => {
      if (performance.now() - since <= timeoutMs / 2) return fetch(url, { ...init, signal })
      throw new DOMException('Too many requests are under way', 'TimeoutError')
    }),
  )
}
