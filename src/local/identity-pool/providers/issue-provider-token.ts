import type { Clock } from '../../lib/clock.ts'
import * as check from '../../options/option-checks.ts'
import type { PretendProviders } from './index.ts'

/** A token of somebody who signed in at an identity provider outside. */
export interface ProviderTokenOrder {
  /** Who signed in: their id at the provider. */
  sub: string
  /** The app's id at the provider. Default: the one that the identity pool is set up with. */
  audience?: string | undefined
  /** From now, on the server's clock; may be negative. Default 3600. */
  expiresInSeconds?: number | undefined
  /** Merged over the usual claims; a value of undefined removes the claim. */
  claims?: Record<string, unknown> | undefined
}

const members: (keyof ProviderTokenOrder)[] = ['sub', 'audience', 'expiresInSeconds', 'claims']

/** Rejects with `ConfigurationError` for an order that makes no sense. */
export type IssueProviderToken = (providerName: string, order: ProviderTokenOrder) => Promise<string>

/** `audienceOf`: the app's id that the identity pool knows for a provider. */
export function providerTokenIssuer(
  providers: PretendProviders,
  clock: Clock,
  audienceOf: (providerName: string) => string | undefined,
): IssueProviderToken {
  return async (providerName, order) => {
    check.checkString('issueProviderToken', providerName, /^\S{1,128}$/, 'given the name of a provider')
    checkOrder(order)
    const iat = clock.nowSeconds()
    return providers.issue(providerName, {
      sub: order.sub,
      aud: order.audience ?? audienceOf(providerName) ?? 'local-app',
      iat,
      exp: iat + (order.expiresInSeconds ?? 3600),
      ...order.claims,
    })
  }
}

function checkOrder(given: unknown): void {
  const {
    sub,
    audience,
    expiresInSeconds,
    claims = {},
  } = check.checkObject('issueProviderToken', given, members)
  check.checkString('issueProviderToken.sub', sub, /^[^]+$/, 'a string')
  if (audience !== undefined) check.checkString('issueProviderToken.audience', audience, /^[^]+$/, 'a string')
  if (expiresInSeconds !== undefined)
    check.checkFinite('issueProviderToken.expiresInSeconds', expiresInSeconds)
  check.checkObject('issueProviderToken.claims', claims, Object.keys(claims ?? {}))
}
