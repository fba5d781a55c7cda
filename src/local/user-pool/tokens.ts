import { createHash, sign } from 'node:crypto'
import { randomUUID } from '../lib/random.ts'
import { compactVerify, decodeProtectedHeader } from 'jose'
import { groupClaims } from './groups.ts'
import type { SigningKeys } from './keys.ts'
import type { SignIn } from './sign-ins.ts'
import { attributeClaims, attributesInScope, readable } from './attribute-claims.ts'
import { tokenOverrides, type TokenSource } from './token-overrides.ts'
import type { UserPool } from './user-pool.ts'

type Claims = Record<string, unknown>

/** The only scope of tokens that come from the API instead of the domain. */
export const apiScope = 'aws.cognito.signin.user.admin'

/** The claims of an ID token (developer guide, "Understanding the identity (ID) token"). Undefined ones stay out of the JSON. */
export function idTokenClaims(
  pool: UserPool,
  signIn: SignIn,
  more: { accessToken?: string; nonce?: string },
): Claims {
  const { user, client } = signIn
  const now = pool.clock.nowSeconds()
  const { groups, roles, preferredRole } = groupClaims(user, pool.groups)
  return {
    // Attributes first: none of them can replace a claim that Cognito sets.
    ...attributeClaims(
      readable(client, signIn.scopes ? attributesInScope(user, signIn.scopes) : user.attributes),
    ),
    at_hash: more.accessToken === undefined ? undefined : atHash(more.accessToken),
    sub: user.sub,
    'cognito:groups': groups,
    'cognito:preferred_role': preferredRole,
    iss: pool.issuer,
    'cognito:username': user.username,
    nonce: more.nonce,
    ...jwtIds(signIn),
    'cognito:roles': roles,
    aud: client.clientId,
    event_id: signIn.eventId,
    token_use: 'id',
    auth_time: signIn.authTime,
    exp: now + client.idTokenValiditySeconds,
    iat: now,
  }
}

/** The claims of an access token (developer guide, "Understanding the access token"): no `aud`, no attributes. */
export function accessTokenClaims(pool: UserPool, signIn: SignIn): Claims {
  const now = pool.clock.nowSeconds()
  return {
    sub: signIn.user.sub,
    aud: signIn.resource,
    device_key: signIn.deviceKey,
    'cognito:groups': groupClaims(signIn.user, pool.groups).groups,
    iss: pool.issuer,
    version: signIn.scopes ? 2 : undefined,
    client_id: signIn.client.clientId,
    ...jwtIds(signIn),
    event_id: signIn.eventId,
    token_use: 'access',
    scope: signIn.scopes ? signIn.scopes.join(' ') : apiScope,
    auth_time: signIn.authTime,
    exp: now + signIn.client.accessTokenValiditySeconds,
    iat: now,
    username: signIn.user.username,
  }
}

/** Tokens carry these when they can be revoked or are rotated (developer guide, "Ending user sessions with token revocation"). */
function jwtIds({ client, originJti }: SignIn): Claims {
  if (!client.enableTokenRevocation && !client.refreshTokenRotation) return {}
  return { origin_jti: originJti, jti: randomUUID() }
}

/** Signs a token; its header is exactly `kid` and `alg`. Not with jose, which refuses the broken headers that tests ask for. */
export function signToken(
  keys: SigningKeys,
  tokenUse: 'id' | 'access',
  claims: Claims,
  header: Claims = {},
): string {
  const { kid, privateKey } = keys[tokenUse]
  const input = [{ kid, alg: 'RS256', ...header }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), privateKey).toString('base64url')}`
}

/** What a sign-in or a refresh gives. */
interface IssuedTokens {
  accessToken: string
  idToken: string | undefined
  /** Lifetime of the access token, in seconds. */
  expiresIn: number
}

/** Both tokens of a sign-in; the ID token only when the sign-in has the scope `openid` (always through the API). */
export async function issueTokens(
  pool: UserPool,
  signIn: SignIn,
  { source, nonce }: { source: TokenSource; nonce?: string | undefined },
): Promise<IssuedTokens> {
  const overrides = await tokenOverrides(pool, signIn, source)
  const access = overrides.access(accessTokenClaims(pool, signIn))
  const accessToken = signToken(pool.keys, 'access', access)
  const domainFlow = signIn.scopes && { accessToken, ...(nonce === undefined ? {} : { nonce }) }
  const withIdToken = !signIn.scopes || signIn.scopes.includes('openid')
  return {
    accessToken,
    idToken: withIdToken
      ? signToken(pool.keys, 'id', overrides.id(idTokenClaims(pool, signIn, domainFlow ?? {})))
      : undefined,
    expiresIn: signIn.client.accessTokenValiditySeconds,
  }
}

/** A token of this pool, or why it is none. Expiry, audience and use are the caller's to judge: services word them differently. */
type VerifiedToken =
  { ok: true; claims: Claims } | { ok: false; reason: 'malformed' | 'signature' | 'issuer' }

/** Checks form, signature and issuer. */
export async function verifyToken(pool: UserPool, token: string): Promise<VerifiedToken> {
  const key = keyOf(pool.keys, token)
  if (key === 'malformed') return { ok: false, reason: 'malformed' }
  if (key === undefined) return { ok: false, reason: 'signature' }
  try {
    const { payload } = await compactVerify(token, key.publicKey, { algorithms: ['RS256'] })
    const claims = JSON.parse(new TextDecoder().decode(payload)) as Claims
    return claims['iss'] === pool.issuer ? { ok: true, claims } : { ok: false, reason: 'issuer' }
  } catch {
    return { ok: false, reason: 'signature' }
  }
}

function keyOf(keys: SigningKeys, token: string) {
  try {
    const { kid } = decodeProtectedHeader(token)
    if (token.split('.').length !== 3) return 'malformed'
    return [keys.id, keys.access].find((key) => key.kid === kid)
  } catch {
    return 'malformed'
  }
}

/** OpenID Connect Core §3.1.3.6. */
function atHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')
}
