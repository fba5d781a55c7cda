import { groupClaims } from './groups.ts'
import { runTrigger } from './run-trigger.ts'
import type { SignIn } from './sign-ins.ts'
import type { LocalGroupOverride, LocalPreTokenGenerationEvent } from './triggers.ts'
import type { UserPool } from './user-pool.ts'

type Claims = Record<string, unknown>

/** Why tokens are made (developer guide, "Pre token generation Lambda trigger"). */
export type TokenSource =
  | 'TokenGeneration_HostedAuth'
  | 'TokenGeneration_Authentication'
  | 'TokenGeneration_NewPasswordChallenge'
  | 'TokenGeneration_AuthenticateDevice'
  | 'TokenGeneration_RefreshTokens'

/** What no trigger can set. */
const immutable = new Set([
  ...['acr', 'amr', 'at_hash', 'auth_time', 'azp', 'exp', 'iat', 'iss', 'jti', 'nbf', 'nonce', 'origin_jti'],
  ...['token_use', 'sub', 'username', 'client_id', 'event_id', 'device_key', 'version', 'identities'],
])

interface Overrides {
  id: (claims: Claims) => Claims
  access: (claims: Claims) => Claims
}

interface ClaimChanges {
  claimsToAddOrOverride?: Record<string, unknown> | undefined
  claimsToSuppress?: string[] | undefined
}

/** Asks the pre token generation trigger, where there is one. */
export async function tokenOverrides(
  pool: UserPool,
  signIn: SignIn,
  source: TokenSource,
): Promise<Overrides> {
  const version = (pool.settings.triggers.preTokenGenerationVersion ?? 'V2_0').charAt(1)
  const { user, client } = signIn
  const { groups, roles, preferredRole } = groupClaims(user, pool.groups)
  const response = await runTrigger(pool, 'preTokenGeneration', {
    source,
    user,
    client,
    version,
    request: {
      groupConfiguration: {
        groupsToOverride: groups ?? [],
        iamRolesToOverride: roles ?? [],
        ...(preferredRole === undefined ? {} : { preferredRole }),
      },
      ...(version === '1' ? {} : { scopes: [...(signIn.scopes ?? ['aws.cognito.signin.user.admin'])] }),
    },
    response: version === '1' ? { claimsOverrideDetails: null } : { claimsAndScopeOverrideDetails: null },
  })
  if (!response) return { id: (claims) => claims, access: (claims) => claims }
  return version === '1' ? first(response) : second(response, client.clientId)
}

/** Version 1 changes the ID token; groups are in both. */
function first({ claimsOverrideDetails }: LocalPreTokenGenerationEvent['response']): Overrides {
  const details = claimsOverrideDetails ?? {}
  const regroup = (claims: Claims) => withGroups(claims, details.groupOverrideDetails)
  return {
    id: (claims) => withClaims(regroup(claims), details, []),
    access: (claims) => withoutRoles(regroup(claims)),
  }
}

/** Versions 2 and 3 change both tokens. */
function second(response: LocalPreTokenGenerationEvent['response'], clientId: string): Overrides {
  const { idTokenGeneration = {}, groupOverrideDetails } = response.claimsAndScopeOverrideDetails ?? {}
  return {
    id: (claims) => withClaims(withGroups(claims, groupOverrideDetails), idTokenGeneration, ['aud']),
    access: (claims) => changedAccessClaims(claims, response, clientId),
  }
}

/** The claims of an access token as versions 2 and 3 of the trigger want them. */
export function changedAccessClaims(
  claims: Claims,
  { claimsAndScopeOverrideDetails }: LocalPreTokenGenerationEvent['response'],
  clientId: string,
): Claims {
  const { accessTokenGeneration = {}, groupOverrideDetails } = claimsAndScopeOverrideDetails ?? {}
  const {
    scopesToAdd = [],
    scopesToSuppress = [],
    claimsToAddOrOverride: { aud } = {},
  } = accessTokenGeneration
  const grouped = withoutRoles(withGroups(claims, groupOverrideDetails))
  const scopes = String(claims['scope'])
    .split(' ')
    .filter((scope) => !scopesToSuppress.includes(scope))
  return {
    ...withClaims(grouped, accessTokenGeneration, ['aud', 'scope']),
    // Of all audiences, only the client itself.
    ...(aud === clientId ? { aud } : {}),
    scope: [...new Set([...scopes, ...scopesToAdd])].join(' '),
  }
}

function withClaims(claims: Claims, changes: ClaimChanges, protectedToo: readonly string[]): Claims {
  const { claimsToAddOrOverride = {}, claimsToSuppress = [] } = changes
  const fixed = (name: string) =>
    immutable.has(name) || name.startsWith('cognito:') || protectedToo.includes(name)
  const added = Object.entries(claimsToAddOrOverride).filter(([name]) => !fixed(name))
  // Groups are the one claim of Cognito's own that can be left out, and the roles go with them.
  const suppressed = claimsToSuppress.flatMap((name) => {
    if (name === 'cognito:groups') return ['cognito:groups', 'cognito:roles', 'cognito:preferred_role']
    return fixed(name) ? [] : [name]
  })
  const left = Object.entries({ ...claims, ...Object.fromEntries(added) })
  return Object.fromEntries(left.filter(([name]) => !suppressed.includes(name)))
}

function withGroups(claims: Claims, override: LocalGroupOverride | undefined): Claims {
  if (!override) return claims
  const { groupsToOverride, iamRolesToOverride, preferredRole } = override
  return {
    ...claims,
    ...(groupsToOverride ? { 'cognito:groups': groupsToOverride } : {}),
    ...(iamRolesToOverride ? { 'cognito:roles': iamRolesToOverride } : {}),
    ...(preferredRole === undefined ? {} : { 'cognito:preferred_role': preferredRole }),
  }
}

/** Access tokens carry groups, but no roles. */
function withoutRoles(claims: Claims): Claims {
  const { 'cognito:roles': _roles, 'cognito:preferred_role': _preferred, ...others } = claims
  return others
}
