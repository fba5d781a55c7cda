import type { LoginProvider } from './login-provider.ts'
import type { CognitoIdentityProvider, PoolSettings } from './pool.ts'
import type { PretendProviders } from './providers/index.ts'

/** A user pool of this server, for which a token need not be pretended. */
export interface LocalUserPoolProvider {
  providerName: string
  clientIds: () => readonly string[]
  verify: LoginProvider['verify']
  /** Whether the user signed out, or is gone, since a token was issued. */
  isRevoked: (claims: Record<string, unknown>) => boolean
}

/** Everybody whose users the identity pool takes, as it is set up, with the user pools that there are now. */
export function configuredProviders(
  settings: Pick<PoolSettings, 'supportedLoginProviders' | 'openIdConnectProviders' | 'samlProviderArns'>,
  cognito: readonly CognitoIdentityProvider[] | undefined,
  pretend: PretendProviders,
  userPools: () => readonly LocalUserPoolProvider[],
): () => LoginProvider[] {
  const provider = (providerName: string, clientIds: readonly string[], arn?: string): LoginProvider => ({
    providerName,
    kind: pretend.kindOf(providerName),
    ...(arn === undefined ? {} : { arn }),
    clientIds: () => clientIds,
    verify: (token) => pretend.verify(providerName, token),
  })
  const outside = [
    ...Array.from(settings.supportedLoginProviders, ([providerName, id]) => provider(providerName, [id])),
    ...settings.openIdConnectProviders.map(({ arn, clientIds }) => provider(issuerOf(arn), clientIds, arn)),
    ...settings.samlProviderArns.map((arn) => provider(arn, [], arn)),
  ]
  return () => [
    ...(cognito ? namedUserPools(cognito, provider, userPools()) : userPools().map(trusted)),
    ...outside,
  ]
}

/** Without a list: every app client of every pool, and no question about a token. */
function trusted({ isRevoked: _, ...userPool }: LocalUserPoolProvider): LoginProvider {
  return { ...userPool, kind: 'user-pool' }
}

function namedUserPools(
  cognito: readonly CognitoIdentityProvider[],
  pretended: (providerName: string, clientIds: readonly string[]) => LoginProvider,
  userPools: readonly LocalUserPoolProvider[],
): LoginProvider[] {
  const names = [...new Set(cognito.map(({ providerName }) => providerName))]
  return names.map((providerName) => {
    const clients = cognito.filter((entry) => entry.providerName === providerName)
    const clientIds = clients.map(({ clientId }) => clientId)
    const userPool = userPools.find((candidate) => candidate.providerName === providerName)
    if (!userPool) return pretended(providerName, clientIds)
    const checked = clients.filter((client) => client.serverSideTokenCheck).map(({ clientId }) => clientId)
    return {
      ...userPool,
      kind: 'user-pool',
      clientIds: () => clientIds,
      isRevoked: (claims) => checked.includes(String(claims['aud'])) && userPool.isRevoked(claims),
    }
  })
}

function issuerOf(arn: string): string {
  return arn.slice(arn.indexOf(':oidc-provider/') + ':oidc-provider/'.length)
}
