import { readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { assertDeveloperProvider, assertThisPool, findIdentity, notFound } from './refusals.ts'

/**
 * `UnlinkDeveloperIdentity`: the user of the developer provider is a new identity the next time. An identity that loses its last
 * login cannot be reached any more.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkDeveloperIdentity.html
 */
export function unlinkDeveloperIdentity(pool: IdentityPool, input: Record<string, unknown>): object {
  const { IdentityId, IdentityPoolId, DeveloperProviderName, DeveloperUserIdentifier } = readInput(input, {
    IdentityId: model.identityId,
    IdentityPoolId: model.identityPoolId,
    DeveloperProviderName: model.developerProviderName,
    DeveloperUserIdentifier: model.developerUserIdentifier,
  })
  assertThisPool(pool, IdentityPoolId)
  assertDeveloperProvider(pool, DeveloperProviderName)
  const identity = findIdentity(pool, IdentityId)
  const login = { providerName: DeveloperProviderName, subject: DeveloperUserIdentifier }
  if (pool.identities.ownerOf(login) !== identity)
    throw notFound(`Developer user identifier '${DeveloperUserIdentifier}' not found.`)
  pool.identities.unlink(
    identity,
    ({ isDeveloper, subject }) => isDeveloper === true && subject === DeveloperUserIdentifier,
  )
  return {}
}
