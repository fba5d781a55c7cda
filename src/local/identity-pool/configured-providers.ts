import type { LoginProvider } from './login-provider.ts'
import type { CognitoIdentityProvider, PoolSettings } from './pool.ts'
import type { PretendProviders } from './providers/index.ts'

/** The user pool of this server, for which a token need not be pretended. */
export interface LocalUserPoolProvider {
  providerName: string
  clientIds: () => readonly string[]
  verify: LoginProvider['verify']
  /** Whether the user signed out, or is gone, since a token was issued. */
  isRevoked: (claims: Record<string, unknown>) => boolean
}

/** Everybody whose users the identity pool takes, as it is set up. */
export function configuredProviders(
  settings: Pick<PoolSettings, 'supportedLoginProviders' | 'openIdConnectProviders' | 'samlProviderArns'>,
  cognito: readonly CognitoIdentityProvider[] | undefined,
  pretend: PretendProviders,
  userPool: LocalUserPoolProvider,
): LoginProvider[] {
  const provider = (providerName: string, clientIds: readonly string[], arn?: string): LoginProvider => ({
    providerName,
    kind: pretend.kindOf(providerName),
    ...(arn === undefined ? {} : { arn }),
    clientIds: () => clientIds,
    verify: (token) => pretend.verify(providerName, token),
  })
  return [
    ...userPools(cognito, pretend, userPool),
    ...Array.from(settings.supportedLoginProviders, ([providerName, id]) => provider(providerName, [id])),
    ...settings.openIdConnectProviders.map(({ arn, clientIds }) => provider(issuerOf(arn), clientIds, arn)),
    ...settings.samlProviderArns.map((arn) => provider(arn, [], arn)),
  ]
}

/** Without a list: the local user pool, every app client of it. */
function userPools(
  cognito: readonly CognitoIdentityProvider[] | undefined,
  pretend: PretendProviders,
  userPool: LocalUserPoolProvider,
): LoginProvider[] {
  const { isRevoked: _, ...local } = userPool
  if (!cognito) return [{ ...local, kind: 'user-pool' }]
  const names = [...new Set(cognito.map(({ providerName }) => providerName))]
  return names.map((providerName) => {
    const clients = cognito.filter((entry) => entry.providerName === providerName)
    const clientIds = clients.map(({ clientId }) => clientId)
    if (providerName !== userPool.providerName)
      return {
        providerName,
        kind: 'user-pool',
        clientIds: () => clientIds,
        verify: (token) => pretend.verify(providerName, token),
      }
    const checked = clients.filter((client) => client.serverSideTokenCheck).map(({ clientId }) => clientId)
    return {
      ...local,
      kind: 'user-pool',
      clientIds: () => clientIds,
      isRevoked: (claims) => checked.includes(String(claims['aud'])) && userPool.isRevoked(claims),
    }
  })
}

function issuerOf(arn: string): string {
  return arn.slice(arn.indexOf(':oidc-provider/') + ':oidc-provider/'.length)
}
