import type { Identity } from './identities.ts'
import { optional, readInput } from './members.ts'
import * as model from './model.ts'
import { page } from './pagination.ts'
import type { IdentityPool } from './pool.ts'
import { assertThisPool, conflict, findIdentity, invalidParameter, notFound } from './refusals.ts'

const maxResultsByDefault = 60

/**
 * `LookupDeveloperIdentity`: from a user of the developer provider to the identity, or back; with both, whether they belong together.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_LookupDeveloperIdentity.html
 */
export function lookupDeveloperIdentity(pool: IdentityPool, input: Record<string, unknown>): object {
  const { IdentityPoolId, IdentityId, DeveloperUserIdentifier, MaxResults, NextToken } = readInput(input, {
    IdentityPoolId: model.identityPoolId,
    IdentityId: optional(model.identityId),
    DeveloperUserIdentifier: optional(model.developerUserIdentifier),
    MaxResults: optional(model.maxResults),
    NextToken: optional(model.nextToken),
  })
  assertThisPool(pool, IdentityPoolId)
  const asked = IdentityId === undefined ? undefined : findIdentity(pool, IdentityId)
  const owner =
    DeveloperUserIdentifier === undefined ? undefined : findDeveloperUser(pool, DeveloperUserIdentifier)
  if (asked && owner && asked !== owner)
    throw conflict('The developer user identifier is linked to a different identity ID.')
  const identity = asked ?? owner
  if (!identity) throw invalidParameter('Please provide IdentityId or DeveloperUserIdentifier.')
  const all = identity.logins.filter(({ isDeveloper }) => isDeveloper).map(({ subject }) => subject)
  const users = asked && owner ? all.filter((subject) => subject === DeveloperUserIdentifier) : all
  const found = page(users, MaxResults ?? maxResultsByDefault, NextToken)
  return {
    IdentityId: identity.id,
    DeveloperUserIdentifierList: found.entries,
    NextToken: found.NextToken,
  }
}

/** The identity of a user of the developer provider. Throws for one that nobody registered. */
export function findDeveloperUser({ settings, identities }: IdentityPool, subject: string): Identity {
  const { developerProviderName: providerName } = settings
  const identity = providerName === undefined ? undefined : identities.ownerOf({ providerName, subject })
  if (!identity) throw notFound(`Developer user identifier '${subject}' not found.`)
  return identity
}
