import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier'
import { CognitoJwtInvalidClientIdError, CognitoJwtInvalidTokenUseError } from 'aws-jwt-verify/error'
import type { CognitoAccessTokenPayload, CognitoIdTokenPayload, JwtPayload } from 'aws-jwt-verify/jwt-model'
import { ConfigurationError, ForbiddenError, InvalidTokenError } from '../errors.ts'
import { assertKnownOptions } from '../lib/assert.ts'

/** The claims of a verified ID token. */
export type IdTokenClaims = Readonly<CognitoIdTokenPayload>
/** The claims of a verified access token. */
export type AccessTokenClaims = Readonly<CognitoAccessTokenPayload>
/** Verified claims; `token_use` tells which. */
export type Claims = IdTokenClaims | AccessTokenClaims

/** `access`, `id`, or an explicit `null` for either. */
export type TokenUse = 'access' | 'id' | null

/** The claims that a `tokenUse` promises. */
export type ClaimsOf<Use extends TokenUse> = Use extends 'id'
  ? IdTokenClaims
  : Use extends 'access'
    ? AccessTokenClaims
    : Claims

/** What a token must be, beyond authentic and current. */
export interface TokenRequirements<Use extends TokenUse = TokenUse> {
  /** Which kind of token; `null` accepts both. */
  tokenUse: Use
  /** The app client, or one of several; `null` skips the check. Default: the pool's own `clientId`. */
  clientId?: string | readonly string[] | null | undefined
  /** Scopes of which the token must carry every one. */
  scope?: string | readonly string[] | undefined
  /** Groups of which the user must be in at least one. */
  groups?: string | readonly string[] | undefined
}

/**
 * Without types a misspelt requirement would be a check that never happens. Throws {@link ConfigurationError}.
 */
export function assertRequirements(requirements: unknown): asserts requirements is TokenRequirements {
  assertKnownOptions('verify', requirements, ['tokenUse', 'clientId', 'scope', 'groups'])
  const { tokenUse, clientId, ...names } = requirements
  if (tokenUse !== 'access' && tokenUse !== 'id' && tokenUse !== null) {
    throw new ConfigurationError('verify: "tokenUse" must be "access", "id", or null for either.')
  }
  for (const [name, value] of Object.entries({ clientId: clientId ?? undefined, ...names })) {
    if (value === undefined || (typeof value === 'string' && value !== '') || isArrayOfStrings(value))
      continue
    throw new ConfigurationError(`verify: "${name}" must be a non-empty string or a list of strings.`)
  }
}

/**
 * What every token of the pool must say of itself, and which kind and client the place asks for. Throws {@link
 * InvalidTokenError}.
 */
export function assertClaims(
  payload: JwtPayload,
  { tokenUse, clientId }: TokenRequirements,
  ownClientId: string,
): void {
  const { sub, aud } = payload
  const groups = payload['cognito:groups']
  if (typeof sub !== 'string' || sub === '') throw new InvalidTokenError('claims', 'The token has no `sub`.')
  if (groups !== undefined && !isArrayOfStrings(groups)) {
    throw new InvalidTokenError('claims', '`cognito:groups` is no array of strings.')
  }
  // Cognito writes one client id; a list could smuggle in a second audience (OpenID Connect Core §3.1.3.7).
  if (payload['token_use'] === 'id' && typeof aud !== 'string') {
    throw new InvalidTokenError('client', 'The `aud` of the ID token is no string.')
  }
  const { azp } = payload
  if (azp !== undefined && payload['token_use'] === 'id' && azp !== aud) {
    throw new InvalidTokenError('client', 'The ID token was issued for another authorized party (`azp`).')
  }
  try {
    const client = clientId === undefined ? ownClientId : clientId
    validateCognitoJwtFields(payload, {
      tokenUse,
      clientId: client as string | string[] | null,
    })
  } catch (error) {
    throw wrongUseOrClient(error, tokenUse, payload)
  }
}

function wrongUseOrClient(error: unknown, tokenUse: TokenUse, payload: JwtPayload): unknown {
  if (error instanceof CognitoJwtInvalidTokenUseError) {
    const known = payload['token_use'] === 'id' || payload['token_use'] === 'access'
    if (!known)
      return new InvalidTokenError('token_use', 'The token is neither an ID nor an access token.', error)
    const [wanted, came] = tokenUse === 'id' ? ['an ID', 'access'] : ['an access', 'ID']
    const hint = `This place takes ${wanted} token, and the ${came} token came. Send the other one, or set "tokenUse".`
    return new InvalidTokenError('token_use', hint, error)
  }
  if (error instanceof CognitoJwtInvalidClientIdError) {
    return new InvalidTokenError('client', 'The token was issued to another app client.', error)
  }
  return error
}

function isArrayOfStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

/** Scopes and groups. Throws {@link ForbiddenError}. */
export function assertAllowed(payload: JwtPayload, { scope, groups }: TokenRequirements): void {
  if (scope !== undefined)
    assertScopes(scopesOf(payload), typeof scope === 'string' ? scope.split(' ') : scope)
  if (groups !== undefined) assertGroups(groupsOf(payload), typeof groups === 'string' ? [groups] : groups)
}

/** The scopes of verified claims: of an access token its own, of an ID token none. */
export function scopesOf({ scope }: JwtPayload | Claims): string[] {
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []
}

/** The groups of verified claims. */
export function groupsOf(claims: JwtPayload | Claims): string[] {
  const groups = claims['cognito:groups']
  return isArrayOfStrings(groups) ? [...groups] : []
}

/** Every one of `required` must be there, as a whole word. Throws {@link ForbiddenError}. */
export function assertScopes(scopes: readonly string[], required: readonly string[]): void {
  if (!required.every((scope) => scopes.includes(scope))) {
    throw new ForbiddenError(`The token lacks a scope: ${required.join(' ')} is needed.`, { scope: required })
  }
}

/** At least one of `allowed` must be there, spelled exactly. Throws {@link ForbiddenError}. */
export function assertGroups(groups: readonly string[], allowed: readonly string[]): void {
  if (!allowed.some((group) => groups.includes(group))) {
    throw new ForbiddenError(`The user is in none of the groups: ${allowed.join(', ')}.`)
  }
}
