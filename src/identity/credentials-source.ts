import { CredentialsError } from '../errors.ts'
import type { CacheKey } from './cache-key.ts'
import type { Claimant } from './claimant.ts'
import {
  assumeRole,
  type ClassicCredentialsOptions,
  getOpenIdToken,
  type IdentityToken,
} from './classic-flow.ts'
import type { CognitoIdentityCredentials } from './credentials.ts'
import type { CredentialsCache } from './credentials-cache.ts'
import { assertAllowedRole } from './custom-role.ts'
import { getCredentialsForIdentity, getId, withIdentity } from './enhanced-flow.ts'
import type { IdentityIds } from './identity-ids.ts'
import type { Tokens } from './logins.ts'
import type { Service } from './service.ts'

/** What the flows of one identity pool share. */
export interface CredentialsSource {
  service: Service
  cache: CredentialsCache
  ids: IdentityIds
}

/** The enhanced flow: the identity pool chooses the role, or grants the one that is asked for. */
export function enhancedCredentials(
  source: CredentialsSource,
  claimant: Claimant,
  customRoleArn: string | undefined,
): CognitoIdentityCredentials | Promise<CognitoIdentityCredentials> {
  // Roles that were taken away do not live on in the cache.
  if (claimant.roles) assertAllowedRole(customRoleArn, claimant.roles, {})
  const key = claimant.key(enhancedRole(customRoleArn))
  return source.cache.get(key, async () => {
    const tokens = await claimant.tokens()
    assertAllowedRole(customRoleArn, claimant.roles, tokens)
    return asIdentity(source, key, tokens, (identityId) =>
      getCredentialsForIdentity(source.service, identityId, tokens, customRoleArn),
    )
  })
}

/** The classic flow: the app chooses the role. */
export async function classicCredentials(
  source: CredentialsSource,
  claimant: Claimant,
  options: ClassicCredentialsOptions,
): Promise<CognitoIdentityCredentials> {
  const key = claimant.key(classicRole(options))
  return source.cache.get(key, async () =>
    assumeRole(source.service, await identityToken(source, claimant), options),
  )
}

/** GetOpenIdToken for whoever the claimant is. */
export async function identityToken(source: CredentialsSource, claimant: Claimant): Promise<IdentityToken> {
  const key = claimant.key([])
  const tokens = await claimant.tokens()
  return asIdentity(source, key, tokens, (identityId) => getOpenIdToken(source.service, identityId, tokens))
}

/** GetId alone, and not even that for an identity that is known. */
export async function identityIdOf({ service, ids }: CredentialsSource, claimant: Claimant): Promise<string> {
  const key = claimant.key([])
  return (await ids.known(key)) ?? ids.of(key, async () => getId(service, await claimant.tokens()))
}

/** What else than the user chooses the credentials of the classic flow. */
export function classicRole({
  roleArn,
  durationSeconds,
  policy,
  sessionName,
}: ClassicCredentialsOptions): string[] {
  return ['classic', roleArn, String(durationSeconds), policy ?? '', sessionName ?? '']
}

/** What else than the user chooses the credentials of the enhanced flow. */
export function enhancedRole(customRoleArn: string | undefined): string[] {
  return customRoleArn === undefined ? [] : [customRoleArn]
}

/**
 * The steps of a flow, as the identity of the logins. What the service answers with is noted, since a merge may have
 * changed it; after a refusal nothing is taken for known.
 */
async function asIdentity<T extends { identityId: string }>(
  { service, ids }: CredentialsSource,
  key: CacheKey,
  tokens: Tokens,
  steps: (identityId: string) => Promise<T>,
): Promise<T> {
  try {
    const askForId = () => ids.of(key, () => getId(service, tokens))
    const result = await withIdentity(await ids.known(key), askForId, steps, () => ids.forget(key))
    ids.note(key, result.identityId)
    return result
  } catch (error) {
    if (error instanceof CredentialsError && error.reason !== 'misconfigured') ids.forget(key)
    throw error
  }
}
