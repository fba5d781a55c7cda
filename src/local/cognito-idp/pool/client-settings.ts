import type { Values } from '../../server/members.ts'
import { invalidParameter } from '../../sign-in/refusal.ts'
import { isAttributeName } from '../../user-pool/attributes.ts'
import type { Client } from '../../user-pool/client.ts'
import { ownUsers } from '../../user-pool/identity-providers.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { authFlowsFrom } from './auth-flows.ts'
import type { clientMembers } from './client-members.ts'
import { lifetimesFrom } from './lifetimes.ts'
import { oauthSettingsFrom } from './oauth-settings.ts'

export type GivenClient = Values<typeof clientMembers>

/** What an administrator can set of a client. */
export type ClientSettings = Omit<
  Client,
  'clientId' | 'clientName' | 'clientSecrets' | 'ssoMaxValidityMinutes' | 'createdAt' | 'modifiedAt'
>

/** The settings of a client as given, with the defaults of the API: what is left out of an update goes back to them. */
export function clientSettingsFrom(
  pool: UserPool,
  given: GivenClient,
  { hasSecret }: { hasSecret: boolean },
): ClientSettings {
  const rotation = given.RefreshTokenRotation
  const refreshTokenRotation =
    rotation?.Feature === 'ENABLED'
      ? { retryGracePeriodSeconds: rotation.RetryGracePeriodSeconds ?? 0 }
      : undefined
  return {
    ...oauthSettingsFrom(pool, given, { hasSecret }),
    ...lifetimesFrom(given),
    explicitAuthFlows: authFlowsFrom(given.ExplicitAuthFlows, {
      rotates: refreshTokenRotation !== undefined,
    }),
    refreshTokenRotation,
    supportedIdentityProviders: providersFrom(pool, given.SupportedIdentityProviders),
    preventUserExistenceErrors: given.PreventUserExistenceErrors === 'ENABLED' ? 'ENABLED' : 'LEGACY',
    enableTokenRevocation: given.EnableTokenRevocation ?? true,
    readAttributes: readable(pool, given.ReadAttributes),
    writeAttributes: writable(pool, given.WriteAttributes),
    authSessionValiditySeconds: (given.AuthSessionValidity ?? 3) * 60,
  }
}

function providersFrom(pool: UserPool, names: string[] | undefined): string[] | undefined {
  const unknown = names?.find((name) => name !== ownUsers && !pool.settings.identityProviders.has(name))
  if (unknown === undefined) return names
  throw invalidParameter(`The provider ${unknown} does not exist for User Pool ${pool.userPoolId}.`)
}

function readable({ settings }: UserPool, names: string[] | undefined): ReadonlySet<string> | undefined {
  if (names === undefined) return undefined
  if (names.every((name) => name === 'sub' || isAttributeName(name, settings.schema))) return new Set(names)
  throw invalidParameter('Invalid read attributes specified while creating a client')
}

/** A client that could not write what the pool demands could sign nobody up. */
function writable({ settings }: UserPool, names: string[] | undefined): ReadonlySet<string> | undefined {
  if (names === undefined) return undefined
  const { schema } = settings
  const exist = names.every((name) => isAttributeName(name, schema) && !name.endsWith('_verified'))
  const complete = [...schema.attributes].every(([name, { required }]) => !required || names.includes(name))
  if (exist && complete) return new Set(names)
  throw invalidParameter('Invalid write attributes specified while creating a client')
}
