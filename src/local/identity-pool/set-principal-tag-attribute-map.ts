import { assertConfiguredProvider, principalTagAttributeMap } from './get-principal-tag-attribute-map.ts'
import { boolean, optional, readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { assertThisPool } from './refusals.ts'

/**
 * `SetPrincipalTagAttributeMap`: replaces the map of a provider.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetPrincipalTagAttributeMap.html
 */
export function setPrincipalTagAttributeMap(pool: IdentityPool, input: Record<string, unknown>): object {
  const { IdentityPoolId, IdentityProviderName, UseDefaults, PrincipalTags } = readInput(input, {
    IdentityPoolId: model.identityPoolId,
    IdentityProviderName: model.identityProviderName,
    UseDefaults: optional(boolean),
    PrincipalTags: optional(model.principalTags),
  })
  assertThisPool(pool, IdentityPoolId)
  assertConfiguredProvider(pool, IdentityProviderName)
  pool.principalTags.set(IdentityProviderName, {
    useDefaults: UseDefaults ?? false,
    principalTags: PrincipalTags ?? {},
  })
  return principalTagAttributeMap(pool, IdentityProviderName)
}
