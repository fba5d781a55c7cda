import { readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { assertThisPool, invalidParameter } from './refusals.ts'

/**
 * `GetPrincipalTagAttributeMap`: which claims of a provider become session tags.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetPrincipalTagAttributeMap.html
 */
export function getPrincipalTagAttributeMap(pool: IdentityPool, input: Record<string, unknown>): object {
  const { IdentityPoolId, IdentityProviderName } = readInput(input, {
    IdentityPoolId: model.identityPoolId,
    IdentityProviderName: model.identityProviderName,
  })
  assertThisPool(pool, IdentityPoolId)
  assertConfiguredProvider(pool, IdentityProviderName)
  return principalTagAttributeMap(pool, IdentityProviderName)
}

/** How the API shows the map of a provider. */
export function principalTagAttributeMap(pool: IdentityPool, providerName: string): object {
  const map = pool.principalTags.get(providerName)
  return {
    IdentityPoolId: pool.settings.identityPoolId,
    IdentityProviderName: providerName,
    UseDefaults: map?.useDefaults ?? false,
    PrincipalTags: map?.principalTags ?? {},
  }
}

export function assertConfiguredProvider({ providers }: IdentityPool, name: string): void {
  if (!providers().some(({ providerName, arn }) => name === providerName || name === arn))
    throw invalidParameter(`'${name}' is not a configured provider.`)
}
