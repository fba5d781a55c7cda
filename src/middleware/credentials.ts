import { ConfigurationError, CredentialsError, SessionEndedError } from '../errors.ts'
import type { CognitoIdentityCredentials, CredentialsOwner } from '../identity/credentials.ts'
import type { IdentityPool } from '../identity/identity-pool.ts'
import type { Claims, IdTokenClaims } from '../user-pool/claims.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import type { VerifiedTokens } from '../user-pool/user.ts'

type Credentials = () => Promise<CognitoIdentityCredentials>

/**
 * Claims that change with every token and choose no role. Everything else may: groups, roles, and attributes
 * mapped to session tags.
 */
const volatileClaims = new Set([
  'exp',
  'iat',
  'nbf',
  'jti',
  'auth_time',
  'event_id',
  'at_hash',
  'nonce',
  'origin_jti',
  'token_use',
])

/**
 * Whom credentials belong to, from verified claims. The role is the whole ID token but for what changes with
 * each.
 */
export function ownerOf(claims: IdTokenClaims): CredentialsOwner {
  const role = Object.entries(claims)
    .filter(([name]) => !volatileClaims.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return { issuer: claims.iss, clientId: claims.aud, subject: claims.sub, role: JSON.stringify(role) }
}

/** Credentials of a signed-in browser: with the newest ID token of the sign-in, and none after it has ended. */
export function sessionCredentials(
  userPool: UserPool,
  identityPool: IdentityPool | undefined,
  signedIn: VerifiedTokens,
): Credentials {
  return async () => {
    const pool = requireIdentityPool(identityPool, 'session')
    const { tokens, idClaims } = await currentTokens(userPool, signedIn)
    const credentials = await pool.credentials(
      { [userPool.loginsKey]: tokens.idToken },
      { owner: ownerOf(idClaims) },
    )
    if (userPool.signIns.hasEnded(signedIn.tokens)) throw new SessionEndedError('The user has signed out.')
    return credentials
  }
}

async function currentTokens({ signIns }: UserPool, signedIn: VerifiedTokens): Promise<VerifiedTokens> {
  if (signIns.hasEnded(signedIn.tokens)) throw new SessionEndedError('The user has signed out.')
  const unchanged = signIns.latest(signedIn.tokens).idToken === signedIn.tokens.idToken
  return unchanged && signedIn.idClaims.exp * 1000 > Date.now() ? signedIn : signIns.current(signedIn.tokens)
}

/** Credentials of an API caller: with the very token that came, which must be an ID token. */
export function bearerCredentials(
  userPool: UserPool,
  identityPool: IdentityPool | undefined,
  token: string,
  claims: Claims,
): Credentials {
  return async () => {
    const pool = requireIdentityPool(identityPool, 'bearer')
    if (claims.token_use !== 'id') {
      throw new CredentialsError(
        'access_token_only',
        "Identity pools take ID tokens, and the caller sent an access token. Let the caller send the ID token and use bearer({ userPool, identityPool, tokenUse: 'id' }).",
      )
    }
    if (claims.exp * 1000 <= Date.now()) {
      throw new CredentialsError(
        'refused',
        'The ID token that came with the request has expired in the meantime.',
      )
    }
    return pool.credentials({ [userPool.loginsKey]: token }, { owner: ownerOf(claims) })
  }
}

function requireIdentityPool(identityPool: IdentityPool | undefined, middleware: string): IdentityPool {
  if (identityPool) return identityPool
  throw new ConfigurationError(
    `AWS credentials need an identity pool: ${middleware}({ userPool, identityPool }).`,
  )
}
