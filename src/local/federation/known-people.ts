import { identitiesOf } from '../user-pool/external-identities.ts'
import type { ExternalClaims, IdentityProvider } from '../user-pool/identity-providers.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** Who can be chosen at a provider: those of the options, and whoever has an account there already. */
export function knownPeople(pool: UserPool, provider: IdentityProvider): ExternalClaims[] {
  const { people, providerName, attributeMapping } = provider
  const accounts = pool.users.all().flatMap((user) =>
    identitiesOf(user)
      .filter((identity) => identity.providerName === providerName)
      .filter(({ userId }) => !people.some(({ sub }) => sub === userId))
      .map(({ userId }) => {
        const claims = [...attributeMapping].flatMap(([attribute, claim]) => {
          const value = user.attributes.get(attribute)
          return value === undefined ? [] : [[claim, value]]
        })
        return { ...(Object.fromEntries(claims) as Record<string, string>), sub: userId }
      }),
  )
  return [...people, ...accounts]
}
