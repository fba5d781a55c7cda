import { randomUUID } from 'node:crypto'
import { andThen } from '../lib/and-then.ts'
import { brand } from '../lib/assert.ts'
import { type LimitedStore, limitedStore } from '../shared-store/limited-store.ts'
import { AwsClients } from './aws-clients.ts'
import { namedKey, ownerKey } from './cache-key.ts'
import { Claimants } from './claimant.ts'
import { assertClassicOptions, type ClassicCredentialsOptions, type IdentityToken } from './classic-flow.ts'
import type { CognitoIdentityCredentials } from './credentials.ts'
import { CredentialsCache } from './credentials-cache.ts'
import {
  classicCredentials,
  type CredentialsSource,
  enhancedCredentials,
  identityIdOf,
  identityToken,
} from './credentials-source.ts'
import { DeveloperIdentities } from './developer-identities.ts'
import type { DeveloperIdentity, DeveloperIdentityOptions } from './developer-identity.ts'
import { openDeveloperIdentity } from './developer-sign-in.ts'
import * as guest from './guest.ts'
import { IdentityIds } from './identity-ids.ts'
import type { Logins } from './logins.ts'
import { configureIdentityPool, customRoleArn, type IdentityPoolOptions } from './options.ts'
import type { CredentialsOwner } from './owner.ts'
import { type CredentialsProvider, toProvider } from './provider.ts'
import { Service } from './service.ts'
import { SharedCredentials } from './shared-credentials.ts'
import { SharedIdentityIds } from './shared-identity-ids.ts'

/** Whose credentials, and under which role. */
export interface CredentialsOptions {
  /** From verified claims, by `ownerOf(claims)`: lets a user keep the same credentials across tokens. */
  owner?: CredentialsOwner | undefined
  /** The role in place of the pool's choice; one of the user's `cognito:roles`. Never take it from a request. */
  customRoleArn?: string | undefined
}

/**
 * A Cognito identity pool: what AWS lets a user do. Holds the credentials cache; make one and share it.
 * The constructor does no I/O and throws ConfigurationError for a wrong, empty or unknown option. Every call throws
 * CredentialsError where the user is refused or the pool is not set up for it, and UnavailableError (503) where
 * the service throttles, fails or cannot be reached.
 */
export class IdentityPool {
  readonly identityPoolId: string
  readonly region: string
  /** Lookup, merge and unlink of developer identities. */
  readonly developerIdentities: DeveloperIdentities
  /** @internal */
  readonly [brand] = 'IdentityPool'
  /** @internal SDK clients that requests share; see `awsClient()`. */
  readonly clients = new AwsClients()
  readonly #customRoleArn: string | undefined
  readonly #source: CredentialsSource
  readonly #claimants: Claimants
  readonly #store: LimitedStore | undefined
  readonly #shared: SharedCredentials | undefined

  constructor(options: IdentityPoolOptions) {
    const configuration = configureIdentityPool(options)
    const { identityPoolId, region } = configuration
    this.identityPoolId = identityPoolId
    this.region = region
    this.#customRoleArn = configuration.customRoleArn
    this.#claimants = new Claimants(configuration)
    const store = limitedStore(configuration.store, (...words) => this.#heard(...words))
    this.#store = store
    const ids = new IdentityIds(store && new SharedIdentityIds(configuration, store))
    this.#shared =
      store && new SharedCredentials(configuration, store, (key, identityId) => ids.adopt(key, identityId))
    const cache = new CredentialsCache(configuration, this.#shared)
    this.#source = { service: new Service(configuration), cache, ids }
    this.developerIdentities = new DeveloperIdentities(this.#source.service, ({ provider, userIdentifier }) =>
      cache.forget(namedKey(identityPoolId, 'developer', [provider, userIdentifier], []).user),
    )
  }

  /**
   * AWS credentials for these logins through the enhanced flow: GetId, then GetCredentialsForIdentity. Cached
   * until they expire and renewed from five minutes before; concurrent calls share one load. With no logins nothing is
   * called: a guest is only who asks to be one. Without an `owner` the tokens themselves are the key.
   */
  async credentials(logins: Logins, options: CredentialsOptions = {}): Promise<CognitoIdentityCredentials> {
    const role = this.#role(options)
    return andThen(this.#claimants.of(logins, options.owner), (claimant) =>
      enhancedCredentials(this.#source, claimant, role),
    )
  }

  /** The identity of these logins, by one GetId ever. */
  async identityId(
    logins: Logins,
    { owner }: { owner?: CredentialsOwner | undefined } = {},
  ): Promise<string> {
    return identityIdOf(this.#source, await this.#claimants.of(logins, owner))
  }

  /**
   * The credentials of one user as a provider for AWS SDK clients, for code that has no request: workers, Lambda
   * functions, WebSocket servers. Functions among the logins are asked at each renewal.
   */
  provider(logins: Logins, options: CredentialsOptions = {}): CredentialsProvider {
    const { owner } = options
    const claimant = owner
      ? this.#claimants.owned(logins, owner)
      : this.#claimants.named(logins, randomUUID())
    return toProvider(
      {
        credentials: async (role) =>
          enhancedCredentials(this.#source, claimant, this.#role({ customRoleArn: role })),
        identityId: () => identityIdOf(this.#source, claimant),
        clients: this.clients,
      },
      this.#role(options),
    )
  }

  /**
   * Credentials of a guest (an unauthenticated identity). Without `identityId` it is a new guest, whose
   * `identityId` the app keeps where only this visitor's requests find it; two visitors are never the same guest.
   */
  async guestCredentials(
    options: { identityId?: string | undefined } = {},
  ): Promise<CognitoIdentityCredentials> {
    return guest.credentials(this.#source, options)
  }

  /**
   * A guest signs in: what the guest has (the identity, and all that is kept under it) becomes the user's, unless the user
   * has an identity already. Gives the user's credentials, also where the guest is no more.
   */
  async upgradeGuest(
    guestIdentityId: string,
    logins: Logins,
    options: CredentialsOptions = {},
  ): Promise<CognitoIdentityCredentials> {
    const role = this.#role(options)
    // At once: who signs out from now on must find the upgrade under way.
    return andThen(this.#claimants.of(logins, options.owner), (claimant) =>
      guest.upgrade(this.#source, guestIdentityId, claimant, role),
    )
  }

  /**
   * An OpenID Connect token of the identity pool (GetOpenIdToken), for STS or for whoever verifies it; the second step of
   * the classic flow. A guest's only when asked for by name: `'guest'`, or no argument at all.
   */
  async openIdToken(
    ...[logins, options = {}]:
      | []
      | [logins: Logins, options?: { owner?: CredentialsOwner | undefined }]
      | [guest: 'guest', options?: { identityId?: string | undefined }]
  ): Promise<IdentityToken> {
    if (arguments.length === 0 || logins === 'guest')
      return guest.openIdToken(this.#source, options as { identityId?: string })
    const { owner } = options as { owner?: CredentialsOwner }
    return identityToken(this.#source, await this.#claimants.of(logins as Logins, owner))
  }

  /**
   * Credentials through the classic flow: GetId, GetOpenIdToken, then STS AssumeRoleWithWebIdentity with a role, duration
   * and policy of the app's choice. A guest's only when asked for by name.
   */
  async classicCredentials(
    logins: Logins | 'guest',
    {
      owner,
      identityId,
      ...options
    }: ClassicCredentialsOptions & { owner?: CredentialsOwner; identityId?: string },
  ): Promise<CognitoIdentityCredentials> {
    assertClassicOptions(options)
    if (logins === 'guest') return guest.classicCredentials(this.#source, { identityId }, options)
    return classicCredentials(this.#source, await this.#claimants.of(logins, owner), options)
  }

  /**
   * A user whom the app's own backend has signed in: GetOpenIdTokenForDeveloperIdentity, signed with the server's own
   * credentials. `logins` is `{ [DeveloperProviderName]: userIdentifier }`, and tokens of other providers to link.
   */
  async developerIdentity(
    logins: Readonly<Record<string, string>>,
    options: DeveloperIdentityOptions = {},
  ): Promise<DeveloperIdentity> {
    return openDeveloperIdentity(this.#source, logins, options, this.clients)
  }

  /**
   * Drops what is cached for a user, whatever their role. Credentials already handed out live on until they
   * expire: AWS cannot recall them.
   */
  forget(owner: Pick<CredentialsOwner, 'issuer' | 'clientId' | 'subject'>): void {
    this.#source.cache.forget(ownerKey(this.identityPoolId, { ...owner, role: '' }, []).user)
  }

  /**
   * Ends the idle connections that this pool opened, those of `awsClient()` included, tells the `store` what it could not be told yet, and hears of other processes no longer. The
   * `store` and its connection stay open. May be called twice.
   */
  async close(): Promise<void> {
    this.clients.close()
    this.#source.service.close()
    await this.#shared?.flush().catch(() => undefined)
    await this.#store?.close()
  }

  /** What another process, or this one, said in the shared store. */
  #heard(type: string, user = ''): void {
    if (type === 'forgotten' && user !== '') this.#source.cache.forgetHere(user)
  }

  #role(options: CredentialsOptions): string | undefined {
    return customRoleArn(options.customRoleArn) ?? this.#customRoleArn
  }
}
