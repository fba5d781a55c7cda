import type { Service } from './service.ts'

/** A user as the app's own sign-in knows them. */
export interface DeveloperLogin {
  /** The identity pool's `DeveloperProviderName`, for example `login.my.app`. */
  provider: string
  /** The user's name there. */
  userIdentifier: string
}

/** An identity and the names that its user has at the developer provider. */
export interface DeveloperIdentityRecord {
  identityId: string
  userIdentifiers: string[]
}

/**
 * Administration of developer identities, signed with the server's own credentials. Throws CredentialsError (`refused`
 * where what was asked does not fit together) and UnavailableError. Credentials that were opened together with logins of
 * other providers, and handles that are open, keep the former identity until they expire.
 */
export class DeveloperIdentities {
  readonly #service: Service
  readonly #changed: (login: DeveloperLogin) => void

  /** `changed` hears of users whose identity may be another one from now on. */
  constructor(service: Service, changed: (login: DeveloperLogin) => void) {
    this.#service = service
    this.#changed = changed
  }

  /** LookupDeveloperIdentity: by the identity, by the user's name, or whether both belong together. */
  async lookup(by: { identityId?: string; userIdentifier?: string }): Promise<DeveloperIdentityRecord> {
    const { identityId, userIdentifier } = by
    const { IdentityId = '', DeveloperUserIdentifierList = [] } = await this.#service.identity<{
      IdentityId?: string
      DeveloperUserIdentifierList?: string[]
    }>(
      ({ LookupDeveloperIdentityCommand }) =>
        new LookupDeveloperIdentityCommand({
          IdentityPoolId: this.#service.identityPoolId,
          // More than the twenty logins that an identity can have.
          MaxResults: 60,
          ...(identityId !== undefined && { IdentityId: identityId }),
          ...(userIdentifier !== undefined && { DeveloperUserIdentifier: userIdentifier }),
        }),
      { namesIdentity: true },
    )
    return { identityId: IdentityId, userIdentifiers: DeveloperUserIdentifierList }
  }

  /** MergeDeveloperIdentities: all that `from` has becomes `to`'s. Gives the identity that is left. */
  async merge({ provider, from, to }: { provider: string; from: string; to: string }): Promise<string> {
    const { IdentityId = '' } = await this.#service.identity<{ IdentityId?: string }>(
      ({ MergeDeveloperIdentitiesCommand }) =>
        new MergeDeveloperIdentitiesCommand({
          IdentityPoolId: this.#service.identityPoolId,
          DeveloperProviderName: provider,
          SourceUserIdentifier: from,
          DestinationUserIdentifier: to,
        }),
      { namesIdentity: true },
    )
    for (const userIdentifier of [from, to]) this.#changed({ provider, userIdentifier })
    return IdentityId
  }

  /** UnlinkDeveloperIdentity: the user is a new one at their next sign-in. */
  async unlink({ identityId, ...login }: DeveloperLogin & { identityId: string }): Promise<void> {
    await this.#service.identity(
      ({ UnlinkDeveloperIdentityCommand }) =>
        new UnlinkDeveloperIdentityCommand({
          IdentityPoolId: this.#service.identityPoolId,
          IdentityId: identityId,
          DeveloperProviderName: login.provider,
          DeveloperUserIdentifier: login.userIdentifier,
        }),
      { namesIdentity: true },
    )
    this.#changed(login)
  }
}
