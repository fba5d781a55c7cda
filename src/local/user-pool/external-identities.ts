import type { IdentityProvider } from './identity-providers.ts'
import type { User } from './user.ts'
import type { UserPool } from './user-pool.ts'

/** An account at an external provider that a user signs in with, as the claim `identities` has it. */
interface ExternalIdentity {
  /** Milliseconds since the epoch. */
  dateCreated: string
  userId: string
  providerName: string
  providerType: string
  issuer: string | null
  /** Whether the user came from this provider; otherwise the account was linked to a user of the pool. */
  primary: 'true' | 'false'
}

/** The identity of a person at a provider. */
export function externalIdentity(
  { providerName, providerType, issuer }: IdentityProvider,
  { userId, isPrimary, nowMs }: { userId: string; isPrimary: boolean; nowMs: number },
): ExternalIdentity {
  const primary = isPrimary ? 'true' : 'false'
  return { dateCreated: String(nowMs), userId, providerName, providerType, issuer: issuer ?? null, primary }
}

/** The identities of a user, which are kept where the API shows them: in an attribute, as JSON. */
export function identitiesOf({ attributes }: User): ExternalIdentity[] {
  return JSON.parse(attributes.get('identities') ?? '[]') as ExternalIdentity[]
}

export function setIdentities({ attributes }: User, identities: readonly ExternalIdentity[]): void {
  attributes.set('identities', JSON.stringify(identities))
}

/** Who signs in with this account: the user that came from there, or one that it was linked to. */
export function userOfIdentity(pool: UserPool, providerName: string, userId: string): User | undefined {
  return pool.users
    .all()
    .find((user) =>
      identitiesOf(user).some(
        (identity) => identity.providerName === providerName && identity.userId === userId,
      ),
    )
}
