import { CredentialsError } from '../errors.ts'
import { namedKey } from './cache-key.ts'
import type { Claimant } from './claimant.ts'
import {
  assumeRole,
  type ClassicCredentialsOptions,
  getOpenIdToken,
  type IdentityToken,
} from './classic-flow.ts'
import type { CognitoIdentityCredentials } from './credentials.ts'
import {
  classicRole,
  type CredentialsSource,
  enhancedCredentials,
  enhancedRole,
} from './credentials-source.ts'
import { assertAllowedRole } from './custom-role.ts'
import { getCredentialsForIdentity, getId } from './enhanced-flow.ts'
import { unusable } from './refusals.ts'

/** Which guest: the one with this identity, or a new one. */
export interface Guest {
  identityId?: string | undefined
}

/** Under the enhanced flow. Guests are told apart by their identity, and have nothing else. */
export async function credentials(
  source: CredentialsSource,
  { identityId: known }: Guest,
): Promise<CognitoIdentityCredentials> {
  const { service, cache } = source
  const identityId = await identityOf(source, known)
  return cache.get(namedKey(service.identityPoolId, 'guest', [identityId], []), async () =>
    ofThis(identityId, await getCredentialsForIdentity(service, identityId, undefined)),
  )
}

/** Under the classic flow. */
export async function classicCredentials(
  source: CredentialsSource,
  { identityId: known }: Guest,
  options: ClassicCredentialsOptions,
): Promise<CognitoIdentityCredentials> {
  const { service, cache } = source
  const identityId = await identityOf(source, known)
  const key = namedKey(service.identityPoolId, 'guest', [identityId], classicRole(options))
  return cache.get(key, async () => assumeRole(service, await openIdToken(source, { identityId }), options))
}

/** GetOpenIdToken of a guest. */
export async function openIdToken(
  source: CredentialsSource,
  { identityId: known }: Guest,
): Promise<IdentityToken> {
  const identityId = await identityOf(source, known)
  return ofThis(identityId, await getOpenIdToken(source.service, identityId, undefined))
}

/**
 * GetCredentialsForIdentity of the guest's identity with the user's logins, which links them. A guest that is gone, or
 * somebody's by now, must not keep anybody from signing in: then the logins count alone.
 */
export async function upgrade(
  source: CredentialsSource,
  guestIdentityId: string,
  claimant: Claimant,
  customRoleArn: string | undefined,
): Promise<CognitoIdentityCredentials> {
  const { service, cache, ids } = source
  const key = claimant.key(enhancedRole(customRoleArn))
  const keep = cache.keeper(key)
  const tokens = await claimant.tokens()
  assertAllowedRole(customRoleArn, claimant.roles, tokens)
  try {
    assertIdentityId(source, guestIdentityId)
    const upgraded = await getCredentialsForIdentity(service, guestIdentityId, tokens, customRoleArn)
    ids.note(key, upgraded.identityId)
    keep(upgraded)
    cache.forget(namedKey(service.identityPoolId, 'guest', [guestIdentityId], []).user)
    return upgraded
  } catch (error) {
    if (!(error instanceof CredentialsError && error.status === 403)) throw error
    return enhancedCredentials(source, claimant, customRoleArn)
  }
}

async function identityOf(source: CredentialsSource, known: string | undefined): Promise<string> {
  if (known === undefined) return getId(source.service, undefined)
  assertIdentityId(source, known)
  return known
}

/** It comes from a session or a cookie, so a wrong one is no fault of the developer. */
function assertIdentityId({ service }: CredentialsSource, identityId: unknown): void {
  const [region, guid, ...rest] = typeof identityId === 'string' ? identityId.split(':') : []
  if (region === service.region && guid !== undefined && /^[0-9a-f-]{36}$/.test(guid) && rest.length === 0)
    return
  throw new CredentialsError(
    'identity_not_found',
    'The guest’s "identityId" is no identity of this pool’s Region.',
  )
}

/** A guest has no logins that could have been merged, so the answer is about nobody else. */
function ofThis<T extends { identityId: string }>(identityId: string, answer: T): T {
  return answer.identityId === identityId ? answer : unusable('a call for a guest')
}
