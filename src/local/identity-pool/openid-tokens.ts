import { sign } from 'node:crypto'
import { compactVerify, decodeProtectedHeader, type JWK } from 'jose'
import type { OpenIdTokenCheck } from '../aws/sts/index.ts'
import type { WebIdentity } from '../aws/sts/assume-role.ts'
import type { Clock } from '../lib/clock.ts'
import { dnsSuffixOf, partitionOf } from '../lib/partition.ts'
import { createRsaKey, lazily, type RsaKey } from './rsa-key.ts'

/** An identity of the pool, as its tokens describe it. */
export type PoolIdentity = Pick<WebIdentity, 'subject' | 'amr' | 'principalTags'>

/** The OpenID tokens of the identity pool, which it issues and which STS, and the pool itself, accept. */
export interface OpenIdTokens {
  /** The key of such a token in `Logins`: its issuer without the scheme. */
  providerName: string
  issue(identity: PoolIdentity, lifetimeSeconds: number): Promise<string>
  /** Checks form, signature and issuer. */
  verify(token: string): Promise<OpenIdTokenCheck>
  /** What `/.well-known/jwks_uri` serves. */
  jwks(): Promise<{ keys: JWK[] }>
}

interface OpenIdTokensOptions {
  region: string
  identityPoolId: string
  /** Of the pool. */
  arn: string
  clock: Clock
  /** Default: one of its own, made when first needed. */
  key?: () => Promise<RsaKey>
}

const tagsClaim = 'https://aws.amazon.com/tags'
const poolArnClaim = 'https://cognito-identity.amazonaws.com/identity-pool-arn'

/** The older Regions share one issuer. */
const regionsOfTheGlobalIssuer =
  /^(us-(east|west)-[12]|ap-northeast-[123]|ap-south-1|ap-southeast-[12]|ca-central-1|eu-central-1|eu-north-1|eu-west-[123]|sa-east-1)$/

/** The host that the tokens name, which is not the local one: whoever checks `iss` finds what Amazon's tokens say. */
export function openIdIssuerHost(region: string): string {
  if (regionsOfTheGlobalIssuer.test(region)) return 'cognito-identity.amazonaws.com'
  return `cognito-identity.${region}.${dnsSuffixOf(region)}`
}

export function createOpenIdTokens({
  region,
  identityPoolId,
  arn,
  clock,
  key = lazily(createRsaKey),
}: OpenIdTokensOptions): OpenIdTokens {
  const providerName = openIdIssuerHost(region)
  const issuer = `https://${providerName}`
  const kid = `${region}1`
  return {
    providerName,
    async issue({ subject, amr, principalTags }, lifetimeSeconds) {
      const iat = clock.nowSeconds()
      const claims = {
        sub: subject,
        aud: identityPoolId,
        amr,
        iss: issuer,
        [poolArnClaim]: amr.includes('authenticated') ? arn : undefined,
        [tagsClaim]: tagsClaimOf(principalTags),
        exp: iat + lifetimeSeconds,
        iat,
      }
      const input = [{ kid, typ: 'JWS', alg: 'RS512' }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.')
      const { privateKey } = await key()
      return `${input}.${sign('RSA-SHA512', Buffer.from(input), privateKey).toString('base64url')}`
    },
    async verify(token) {
      const unverified = unverifiedIssuerAndKey(token)
      if (!unverified) return { ok: false, reason: 'malformed' }
      if (unverified.issuer !== issuer) return { ok: false, reason: 'issuer', issuer: unverified.issuer }
      if (unverified.kid !== kid) return { ok: false, reason: 'signature' }
      const { publicKey } = await key()
      try {
        const { payload } = await compactVerify(token, publicKey, { algorithms: ['RS512'] })
        const claims = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>
        return {
          ok: true,
          expiresAtSeconds: Number(claims['exp']),
          identity: identityFrom(claims, providerName),
        }
      } catch {
        return { ok: false, reason: 'signature' }
      }
    },
    jwks: async () => {
      const { publicKey } = await key()
      const { e, n } = publicKey.export({ format: 'jwk' })
      return { keys: [{ kty: 'RSA', alg: 'RS512', use: 'sig', kid, n, e } as JWK] }
    },
  }
}

/** `arn:aws:cognito-identity:REGION:ACCOUNT:identitypool/ID`. */
export function identityPoolArn(region: string, account: string, identityPoolId: string): string {
  return `arn:${partitionOf(region)}:cognito-identity:${region}:${account}:identitypool/${identityPoolId}`
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html, "Passing session tags using AssumeRoleWithWebIdentity" */
function tagsClaimOf(principalTags: PoolIdentity['principalTags']): object | undefined {
  const tags = Object.entries(principalTags)
  if (tags.length === 0) return undefined
  return {
    principal_tags: Object.fromEntries(tags.map(([name, value]) => [name, [value]])),
    transitive_tag_keys: [],
  }
}

/** Of a token whose signature was verified: this pool wrote these claims itself. */
function identityFrom(claims: Record<string, unknown>, provider: string): WebIdentity {
  const {
    sub,
    aud,
    amr,
    [tagsClaim]: tags,
  } = claims as {
    sub: string
    aud: string
    amr: string[]
    [tagsClaim]?: { principal_tags: Record<string, [string]> }
  }
  const principalTags = Object.fromEntries(
    Object.entries(tags?.principal_tags ?? {}).map(([name, [value]]) => [name, value]),
  )
  return { provider, subject: sub, audience: aud, amr, principalTags }
}

function unverifiedIssuerAndKey(token: string): { issuer: string; kid: string | undefined } | undefined {
  const [, payload = '', ...rest] = token.split('.')
  if (rest.length !== 1) return undefined
  try {
    const { kid } = decodeProtectedHeader(token)
    const unverified = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as unknown
    const iss = (unverified as { iss?: unknown } | null)?.iss
    return typeof iss === 'string' ? { issuer: iss, kid } : undefined
  } catch {
    return undefined
  }
}
