import type { Client } from './client.ts'
import type { UserPool } from './user-pool.ts'

/** `SAML` and `OIDC` have names of their own; the others are named like their type. */
export const identityProviderTypes = [
  'OIDC',
  'SAML',
  'Facebook',
  'Google',
  'LoginWithAmazon',
  'SignInWithApple',
] as const

/** The pool's own users, where a client lists who may sign in. */
export const ownUsers = 'COGNITO'

/** What a provider says about a person. */
export type ExternalClaims = Readonly<Record<string, string>> & { readonly sub: string }

/** Who somebody is at a provider. With the name of the provider in front, it is a username. */
export const subjectPattern = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,90}$/u

/** An external identity provider, which a page of this server plays. */
export interface IdentityProvider {
  providerName: string
  providerType: (typeof identityProviderTypes)[number]
  /** Other names of it in `idp_identifier`: e-mail domains, as a rule. */
  idpIdentifiers: readonly string[]
  /** `oidc_issuer`, or the entity id of SAML. */
  issuer: string | undefined
  clientId: string | undefined
  /** Attribute of the pool → claim of the provider. `username` is always `sub`. */
  attributeMapping: ReadonlyMap<string, string>
  /** Who can be chosen on its page. */
  people: readonly ExternalClaims[]
}

/** The provider that an authorization request names, if the client has it. */
export function namedProvider(
  pool: UserPool,
  client: Client,
  { name, identifier }: { name: string | null; identifier: string | null },
): IdentityProvider | undefined {
  return providersOf(pool, client).find(({ providerName, idpIdentifiers }) =>
    name === null ? identifier !== null && idpIdentifiers.includes(identifier) : providerName === name,
  )
}

/** The external providers of a client. */
export function providersOf(pool: UserPool, { supportedIdentityProviders }: Client): IdentityProvider[] {
  const all = [...pool.settings.identityProviders.values()]
  return all.filter(({ providerName }) => supportedIdentityProviders?.includes(providerName) ?? true)
}

/** Whether the pool's own users may sign in to a client. */
export function hasOwnUsers({ supportedIdentityProviders }: Client): boolean {
  return supportedIdentityProviders?.includes(ownUsers) ?? true
}
