import { ConfigurationError } from '../options/configuration-error.ts'
import * as check from '../options/option-checks.ts'
import type { CognitoIdentityProvider, PoolRoles, PoolSettings } from './pool.ts'
import type { PrincipalTagMap } from './principal-tags.ts'
import {
  cognitoIdentityProviders,
  openIdConnectProviders,
  samlProviderArns,
  type UserPoolsWithClients,
} from './provider-options.ts'
import { roleMappingsFrom, rolesOption, type LocalRoleMapping } from './role-options.ts'

/** The identity pool as the caller describes it; names are those of the API, in lower camel case. */
export interface LocalIdentityPoolOptions {
  /** Default: made for the Region of the user pool. */
  identityPoolId?: string | undefined
  /** Default `local`. */
  identityPoolName?: string | undefined
  /** Whether guests get credentials. Default false. */
  allowUnauthenticatedIdentities?: boolean | undefined
  /** Default: not set, which allows the classic flow unless there are role mappings. */
  allowClassicFlow?: boolean | undefined
  /** Of users whom your own backend signs in. */
  developerProviderName?: string | undefined
  /** `graph.facebook.com`, `accounts.google.com`, `www.amazon.com`, `appleid.apple.com`, … to the app's id there. */
  supportedLoginProviders?: Record<string, string> | undefined
  /** OpenID providers of IAM; the API knows their ARNs, IAM the client ids. */
  openIdConnectProviders?: { arn: string; clientIds: string[] }[] | undefined
  samlProviderArns?: string[] | undefined
  /** Default: every app client of every user pool. Without a `providerName` it is the pool that has the client. */
  cognitoIdentityProviders?:
    | {
        providerName?: string | undefined
        clientId: string
        /** Whether the user pool is asked about each token. Default false. */
        serverSideTokenCheck?: boolean | undefined
      }[]
    | undefined
  /** Default: a role for each, `local-authenticated` and `local-unauthenticated`. */
  roles?: { authenticated?: string | undefined; unauthenticated?: string | undefined } | undefined
  /** By provider, for user pools with `:` and the client id behind it. Default: tokens of the user pool choose the role. */
  roleMappings?: Record<string, LocalRoleMapping> | undefined
  /** By provider: which claims become session tags. */
  principalTags?:
    | Record<
        string,
        { useDefaults?: boolean | undefined; principalTags?: Record<string, string> | undefined }
      >
    | undefined
}

/** The options checked. What is undefined depends on the rest of the server. */
export interface ResolvedIdentityPool {
  settings: PoolSettings
  cognitoIdentityProviders: readonly CognitoIdentityProvider[] | undefined
  roles: PoolRoles['roles'] | undefined
  roleMappings: PoolRoles['roleMappings']
  principalTags: Map<string, PrincipalTagMap>
}

const known: (keyof LocalIdentityPoolOptions)[] = [
  'identityPoolId',
  'identityPoolName',
  'allowUnauthenticatedIdentities',
  'allowClassicFlow',
  'developerProviderName',
  'supportedLoginProviders',
  'openIdConnectProviders',
  'samlProviderArns',
  'cognitoIdentityProviders',
  'roles',
  'roleMappings',
  'principalTags',
]

/** The two options that also stand beside `identityPool`. */
const alsoOutside = ['identityPoolId', 'allowUnauthenticatedIdentities'] as const

/** Checks the option `identityPool`; the user pools are those that it may trust without naming them. */
export function identityPoolFrom(
  outside: Record<string, unknown>,
  region: string,
  userPools: UserPoolsWithClients,
): ResolvedIdentityPool {
  const pool = { ...check.checkObject('identityPool', outside['identityPool'] ?? {}, known) }
  for (const name of alsoOutside) {
    if (pool[name] !== undefined && outside[name] !== undefined)
      throw new ConfigurationError(
        `[local Cognito] option "${name}" must be given once: in "identityPool" or beside it`,
        name,
      )
    pool[name] ??= outside[name]
  }
  return {
    settings: settingsFrom(pool, region),
    cognitoIdentityProviders: cognitoIdentityProviders(pool['cognitoIdentityProviders'], userPools),
    roles: rolesOption(pool['roles']),
    roleMappings: roleMappingsFrom(pool['roleMappings']),
    principalTags: principalTagsFrom(pool['principalTags']),
  }
}

function settingsFrom(pool: Record<string, unknown>, region: string): PoolSettings {
  const { allowClassicFlow, developerProviderName } = pool
  return {
    identityPoolId: check.checkString(
      'identityPoolId',
      pool['identityPoolId'] ?? `${region}:10ca1000-0000-4000-8000-000000000001`,
      /^[\w-]+:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      `an identity pool id such as ${region}:10ca1000-0000-4000-8000-000000000001`,
    ),
    identityPoolName: check.checkString(
      'identityPool.identityPoolName',
      pool['identityPoolName'] ?? 'local',
      /^[\w\s+=,.@-]{1,128}$/,
      '1 to 128 letters, digits, spaces or +=,.@-',
    ),
    allowUnauthenticatedIdentities: check.checkBoolean(
      'allowUnauthenticatedIdentities',
      pool['allowUnauthenticatedIdentities'],
      false,
    ),
    allowClassicFlow:
      allowClassicFlow === undefined
        ? undefined
        : check.checkBoolean('identityPool.allowClassicFlow', allowClassicFlow, false),
    developerProviderName:
      developerProviderName === undefined
        ? undefined
        : check.checkString(
            'identityPool.developerProviderName',
            developerProviderName,
            /^[\w.-]{1,128}$/,
            '1 to 128 letters, digits, periods, underscores or dashes',
          ),
    supportedLoginProviders: new Map(
      Object.entries(texts('identityPool.supportedLoginProviders', pool['supportedLoginProviders'])),
    ),
    openIdConnectProviders: openIdConnectProviders(pool['openIdConnectProviders']),
    samlProviderArns: samlProviderArns(pool['samlProviderArns']),
  }
}

function principalTagsFrom(given: unknown = {}): Map<string, PrincipalTagMap> {
  const providers = check.checkObject('identityPool.principalTags', given, Object.keys(given ?? {}))
  return new Map(
    Object.entries(providers).map(([providerName, entry]) => {
      const option = `identityPool.principalTags.${providerName}`
      const map = check.checkObject(option, entry, ['useDefaults', 'principalTags'])
      return [
        providerName,
        {
          useDefaults: check.checkBoolean(`${option}.useDefaults`, map['useDefaults'], false),
          principalTags: texts(`${option}.principalTags`, map['principalTags']),
        },
      ]
    }),
  )
}

function texts(option: string, given: unknown = {}): Record<string, string> {
  const entries = Object.entries(check.checkObject(option, given, Object.keys(given ?? {})))
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      check.checkString(`${option}.${name}`, value, /^[^]{1,128}$/, 'a string of 1 to 128 characters'),
    ]),
  )
}
