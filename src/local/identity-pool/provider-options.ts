import { userPoolProviderName } from '../lib/partition.ts'
import * as check from '../options/option-checks.ts'
import type { CognitoIdentityProvider, PoolSettings } from './pool.ts'

/** Checks the option `identityPool.openIdConnectProviders`. */
export function openIdConnectProviders(given: unknown): PoolSettings['openIdConnectProviders'] {
  return check
    .checkArray('identityPool.openIdConnectProviders', given)
    .map((provider, index) => openIdProvider(`identityPool.openIdConnectProviders[${index}]`, provider))
}

/** Checks the option `identityPool.samlProviderArns`. */
export function samlProviderArns(given: unknown): string[] {
  return check
    .checkArray('identityPool.samlProviderArns', given)
    .map((arn, index) =>
      check.checkString(
        `identityPool.samlProviderArns[${index}]`,
        arn,
        /^arn:[\w-]+:iam::\d{12}:saml-provider\/[\w.-]{1,128}$/,
        'the ARN of a SAML provider',
      ),
    )
}

function openIdProvider(option: string, given: unknown) {
  const provider = check.checkObject(option, given, ['arn', 'clientIds'])
  return {
    arn: check.checkString(
      `${option}.arn`,
      provider['arn'],
      /^arn:[\w-]+:iam::\d{12}:oidc-provider\/[\w.-]+(:\d+)?(\/\S*)?$/,
      'the ARN of an OpenID provider',
    ),
    clientIds: check
      .checkArray(`${option}.clientIds`, provider['clientIds'], 1)
      .map((id, index) =>
        check.checkString(`${option}.clientIds[${index}]`, id, /^\S{1,255}$/, 'a client id'),
      ),
  }
}

/** What the identity pool needs to know of a user pool. */
interface UserPoolWithClients {
  region: string
  userPoolId: string
  clients: readonly { clientId: string }[]
}

/** The first one is the one that is meant where nothing says otherwise. */
export type UserPoolsWithClients = readonly [UserPoolWithClients, ...UserPoolWithClients[]]

/** The pool that has the client, or else the first one. */
function providerOf(userPools: UserPoolsWithClients, clientId: unknown): string {
  const owner = userPools.find(({ clients }) => clients.some((client) => client.clientId === clientId))
  const { region, userPoolId } = owner ?? userPools[0]
  return userPoolProviderName(region, userPoolId)
}

/** Checks the option `identityPool.cognitoIdentityProviders`; undefined when it was not given. */
export function cognitoIdentityProviders(
  given: unknown,
  userPools: UserPoolsWithClients,
): CognitoIdentityProvider[] | undefined {
  if (given === undefined) return undefined
  return check.checkArray('identityPool.cognitoIdentityProviders', given).map((entry, index) => {
    const option = `identityPool.cognitoIdentityProviders[${index}]`
    const provider = check.checkObject(option, entry, ['providerName', 'clientId', 'serverSideTokenCheck'])
    const usual = providerOf(userPools, provider['clientId'])
    return {
      providerName: check.checkString(
        `${option}.providerName`,
        provider['providerName'] ?? usual,
        /^cognito-idp\.[\w.-]+\/[\w-]+_[0-9a-zA-Z]+$/,
        `the name of a user pool as a provider, such as ${usual}`,
      ),
      clientId: check.checkString(
        `${option}.clientId`,
        provider['clientId'],
        /^[\w+]{1,128}$/,
        'a client id',
      ),
      serverSideTokenCheck: check.checkBoolean(
        `${option}.serverSideTokenCheck`,
        provider['serverSideTokenCheck'],
        false,
      ),
    }
  })
}
