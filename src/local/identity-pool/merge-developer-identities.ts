import { findDeveloperUser } from './lookup-developer-identity.ts'
import { readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { assertDeveloperProvider, assertThisPool } from './refusals.ts'

/**
 * `MergeDeveloperIdentities`: two users of the developer provider become one identity, the destination's.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MergeDeveloperIdentities.html
 */
export function mergeDeveloperIdentities(pool: IdentityPool, input: Record<string, unknown>): object {
  const members = readInput(input, {
    SourceUserIdentifier: model.developerUserIdentifier,
    DestinationUserIdentifier: model.developerUserIdentifier,
    DeveloperProviderName: model.developerProviderName,
    IdentityPoolId: model.identityPoolId,
  })
  assertThisPool(pool, members.IdentityPoolId)
  assertDeveloperProvider(pool, members.DeveloperProviderName)
  const source = findDeveloperUser(pool, members.SourceUserIdentifier)
  const destination = findDeveloperUser(pool, members.DestinationUserIdentifier)
  return { IdentityId: pool.identities.merge(source, destination).id }
}
