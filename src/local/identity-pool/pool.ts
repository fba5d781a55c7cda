import type { AssumeRole } from '../aws/sts/assume-role.ts'
import type { Clock } from '../lib/clock.ts'
import type { Identities } from './identities.ts'
import type { LoginProvider } from './login-provider.ts'
import type { OpenIdTokens } from './openid-tokens.ts'
import type { PrincipalTagMap } from './principal-tags.ts'
import type { RoleMapping } from './role-mapping.ts'

/** Which roles the pool gives; `SetIdentityPoolRoles` replaces both members. */
export interface PoolRoles {
  roles: { authenticated?: string | undefined; unauthenticated?: string | undefined }
  /**
   * By provider, for user pools with the client id behind it. Undefined, which no pool on Amazon is: tokens of user pools choose
   * the role, as a mapping of type `Token` would have it, and the classic flow is not barred.
   */
  roleMappings: ReadonlyMap<string, RoleMapping> | undefined
}

/** How the identity pool is set up; the names are those of the API. */
export interface PoolSettings {
  identityPoolId: string
  identityPoolName: string
  allowUnauthenticatedIdentities: boolean
  /** Undefined, as it is in pools that nobody set it for: allowed. */
  allowClassicFlow: boolean | undefined
  developerProviderName: string | undefined
  /** Provider name to the app's id there. */
  supportedLoginProviders: ReadonlyMap<string, string>
  openIdConnectProviders: readonly { arn: string; clientIds: readonly string[] }[]
  samlProviderArns: readonly string[]
}

/** A user pool and one of its app clients. */
export interface CognitoIdentityProvider {
  providerName: string
  clientId: string
  /** Whether the user pool is asked about each token. */
  serverSideTokenCheck: boolean
}

/** What the operations of this folder work on. */
export interface IdentityPool {
  settings: PoolSettings
  /** Of the identity pool: identities and roles are there. */
  region: string
  arn: string
  clock: Clock
  poolRoles: PoolRoles
  /** By provider name. */
  principalTags: Map<string, PrincipalTagMap>
  /** Read at each call: user pools come and go. */
  providers: () => readonly LoginProvider[]
  /** User pools and app clients, read at each call. */
  cognitoIdentityProviders: () => readonly CognitoIdentityProvider[]
  identities: Identities
  openIdTokens: OpenIdTokens
  assumeRole: AssumeRole
  /** Whether the account has this role. */
  hasRole: (roleArn: string) => boolean
}
