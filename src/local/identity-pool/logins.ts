import type { ServiceError } from '../server/service-error.ts'
import type { LoginProvider, VerifiedLogin } from './login-provider.ts'
import type { PoolIdentity } from './openid-tokens.ts'
import type { IdentityPool } from './pool.ts'
import { notAuthorized } from './refusals.ts'

/** The clock of an OpenID provider may be this far from Cognito's. */
const openIdLeewaySeconds = 300

/** The logins of a call, checked. */
export interface VerifiedLogins {
  logins: VerifiedLogin[]
  /** Of a token that this pool issued itself, for a user of the developer provider. */
  ownToken: PoolIdentity | undefined
}

/**
 * Checks every login as identity pools do: provider, signature, issuer, expiry, audience, in this order.
 * One that fails refuses the whole call with `NotAuthorizedException` and Cognito's own message.
 */
export async function verifyLogins(
  pool: IdentityPool,
  logins: Record<string, string>,
): Promise<VerifiedLogins> {
  const verified: VerifiedLogins = { logins: [], ownToken: undefined }
  for (const [providerName, token] of Object.entries(logins)) {
    const provider = pool.providers().find((candidate) => candidate.providerName === providerName)
    if (provider) verified.logins.push(await verifyLogin(pool, provider, token))
    else if (providerName === pool.openIdTokens.providerName)
      verified.ownToken = await verifyOwnToken(pool, token)
    else throw refuseUnknownProvider(providerName, token)
  }
  return verified
}

async function verifyLogin(
  pool: IdentityPool,
  provider: LoginProvider,
  token: string,
): Promise<VerifiedLogin> {
  const check = await provider.verify(token)
  if (!check.ok) throw invalid(reasons(provider.kind)[check.reason])
  return acceptClaims(pool, provider, check.claims)
}

async function verifyOwnToken(pool: IdentityPool, token: string): Promise<PoolIdentity> {
  const check = await pool.openIdTokens.verify(token)
  if (!check.ok) throw invalid(reasons('openid')[check.reason])
  assertNotExpired(pool.clock.nowSeconds(), check.expiresAtSeconds)
  return check.identity
}

function reasons(kind: LoginProvider['kind']) {
  const malformed = {
    'user-pool': 'Not a Cognito token.',
    openid: 'Not a valid OpenId Connect identity token.',
    'access-token': 'Not a valid access token.',
    saml: 'Not a valid SAML assertion.',
  }
  return {
    malformed: malformed[kind],
    signature: "Couldn't verify signed token.",
    issuer: "Issuer doesn't match providerName",
  }
}

function acceptClaims(
  { clock }: IdentityPool,
  provider: LoginProvider,
  claims: Record<string, unknown>,
): VerifiedLogin {
  const { exp, sub, token_use: tokenUse } = claims as Partial<Record<string, unknown>>
  if (typeof exp !== 'number') throw missing('exp')
  assertNotExpired(clock.nowSeconds(), exp, provider.kind === 'openid' ? openIdLeewaySeconds : 0)
  const audiences = provider.kind === 'saml' ? undefined : audiencesOf(provider, claims)
  if (typeof sub !== 'string' || sub === '') throw missing('sub')
  if (provider.kind === 'user-pool' && tokenUse !== 'id') throw invalid('Not a Cognito token.')
  const audience = audiences?.find((candidate) => provider.clientIds().includes(candidate))
  if (audiences && audience === undefined) throw unsupportedProvider()
  if (provider.isRevoked?.(claims)) throw invalid('Token is not valid at its user pool any more.')
  return { provider, providerName: provider.providerName, subject: sub, audience, claims }
}

function assertNotExpired(now: number, exp: number, leewaySeconds = 0): void {
  if (now >= exp + leewaySeconds) throw invalid(`Token expired: ${now} >= ${exp}`)
}

/** Where an OpenID token says which party asked for it (`azp`), that one counts. */
function audiencesOf({ kind }: LoginProvider, { aud, azp }: Record<string, unknown>): string[] {
  if (kind === 'openid' && typeof azp === 'string') return [azp]
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud]
  const names = audiences.filter((audience) => typeof audience === 'string')
  if (names.length === 0) throw missing('aud')
  return names
}

/** A key that no provider has is either misspelt for this token, or right for a provider that is not trusted here. */
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
