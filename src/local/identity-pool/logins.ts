import type { Clock } from '../lib/clock.ts'
import { ServiceError } from '../server/service-error.ts'

/** The outcome of checking a token's signature and issuer; expiry and audience are judged here. */
export type LoginTokenCheck =
  { ok: true; claims: Record<string, unknown> } | { ok: false; reason: 'malformed' | 'signature' | 'issuer' }

/** A user pool that the identity pool trusts. */
export interface LoginProvider {
  /** The key in `Logins`: `cognito-idp.REGION.DNS_SUFFIX/USER_POOL_ID`. */
  providerName: string
  /** App clients whose ID tokens are accepted, read at each call. */
  clientIds: () => string[]
  /** Checks signature and issuer only; must not reject for a token's sake. */
  verify: (token: string) => Promise<LoginTokenCheck>
}

/** A login that passed every check: who the user is at which provider. */
export interface VerifiedLogin {
  providerName: string
  sub: string
  claims: Record<string, unknown>
}

/**
 * Checks every login as identity pools do: provider, signature, issuer, expiry, audience, in this order.
 * One that fails refuses the whole call with `NotAuthorizedException` and Cognito's own message.
 */
export async function verifyLogins(
  logins: Record<string, string>,
  providers: readonly LoginProvider[],
  clock: Clock,
): Promise<VerifiedLogin[]> {
  const verified: VerifiedLogin[] = []
  for (const [providerName, token] of Object.entries(logins)) {
    const provider = providers.find((candidate) => candidate.providerName === providerName)
    if (!provider) throw refuseUnknownProvider(providerName, token)
    verified.push(acceptClaims(provider, await verifySignature(provider, token), clock))
  }
  return verified
}

async function verifySignature(provider: LoginProvider, token: string): Promise<Record<string, unknown>> {
  const check = await provider.verify(token)
  if (check.ok) return check.claims
  switch (check.reason) {
    case 'malformed':
      throw invalid('Not a Cognito token.')
    case 'signature':
      throw invalid("Couldn't verify signed token.")
    case 'issuer':
      throw invalid("Issuer doesn't match providerName")
  }
}

function acceptClaims(provider: LoginProvider, claims: Record<string, unknown>, clock: Clock): VerifiedLogin {
  const { exp, aud, sub, token_use: tokenUse } = claims as Partial<Record<string, unknown>>
  const now = clock.nowSeconds()
  if (typeof exp !== 'number') throw missing('exp')
  if (now >= exp) throw invalid(`Token expired: ${now} >= ${exp}`)
  if (typeof aud !== 'string') throw missing('aud')
  if (typeof sub !== 'string' || sub === '') throw missing('sub')
  if (tokenUse !== 'id') throw invalid('Not a Cognito token.')
  if (!provider.clientIds().includes(aud)) throw unsupportedProvider()
  return { providerName: provider.providerName, sub, claims }
}

/** A key that no provider has is either misspelt for this token, or right for a pool that is not trusted here. */
function refuseUnknownProvider(providerName: string, token: string): ServiceError {
  const issuer = unverifiedIssuer(token)
  if (issuer === undefined)
    return providerName.startsWith('cognito-idp.') ? invalid('Not a Cognito token.') : unsupportedProvider()
  return isKeyOf(issuer, providerName) ? unsupportedProvider() : invalid("Issuer doesn't match providerName")
}

function isKeyOf(issuer: string, providerName: string): boolean {
  if (issuer.startsWith('https://')) return issuer === `https://${providerName}`
  // A local issuer has a host of its own; its pool id says which key Amazon's would have.
  const poolId = issuer.slice(issuer.lastIndexOf('/') + 1)
  const [region] = poolId.split('_')
  return providerName.startsWith(`cognito-idp.${region}.`) && providerName.endsWith(`/${poolId}`)
}

function unverifiedIssuer(token: string): string | undefined {
  const [, payload, signature, ...rest] = token.split('.')
  if (payload === undefined || signature === undefined || rest.length > 0) return undefined
  try {
    const unverified: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    if (typeof unverified !== 'object' || unverified === null || !('iss' in unverified)) return undefined
    return typeof unverified.iss === 'string' ? unverified.iss : undefined
  } catch {
    return undefined
  }
}

const missing = (claim: string) => invalid(`Missing a required claim: ${claim}`)
const invalid = (detail: string) => notAuthorized(`Invalid login token. ${detail}`)
const unsupportedProvider = () =>
  notAuthorized('Token is not from a supported provider of this identity pool.')

function notAuthorized(message: string): ServiceError {
  return new ServiceError('NotAuthorizedException', message)
}
