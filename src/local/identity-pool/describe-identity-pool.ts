import { readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { assertThisPool } from './refusals.ts'

/**
 * `DescribeIdentityPool`: the settings. What is empty is left out, as in Cognito's answers.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentityPool.html
 */
export function describeIdentityPool(pool: IdentityPool, input: Record<string, unknown>): object {
  const { IdentityPoolId } = readInput(input, { IdentityPoolId: model.identityPoolId })
  assertThisPool(pool, IdentityPoolId)
  const { settings } = pool
  const cognito = pool.cognitoIdentityProviders().map((provider) => ({
    ProviderName: provider.providerName,
    ClientId: provider.clientId,
    ServerSideTokenCheck: provider.serverSideTokenCheck,
  }))
  const arns = settings.openIdConnectProviders.map(({ arn }) => arn)
  return {
    IdentityPoolId,
    IdentityPoolName: settings.identityPoolName,
    AllowUnauthenticatedIdentities: settings.allowUnauthenticatedIdentities,
    AllowClassicFlow: settings.allowClassicFlow,
    SupportedLoginProviders:
      settings.supportedLoginProviders.size > 0
        ? Object.fromEntries(settings.supportedLoginProviders)
        : undefined,
    DeveloperProviderName: settings.developerProviderName,
    OpenIdConnectProviderARNs: filled(arns),
    CognitoIdentityProviders: filled(cognito),
    SamlProviderARNs: filled(settings.samlProviderArns),
    IdentityPoolTags: {},
  }
}

function filled<T>(entries: readonly T[]): readonly T[] | undefined {
  return entries.length > 0 ? entries : undefined
}
