import { externalIdentity, setIdentities } from '../user-pool/external-identities.ts'
import { subjectPattern } from '../user-pool/identity-providers.ts'
import type { Settings } from '../user-pool/settings.ts'
import type { User } from '../user-pool/user.ts'
import * as check from './option-checks.ts'

/** Checks `users[n].linkedProviders`, and links what it names. */
export function linkProviders(
  option: string,
  given: unknown,
  user: User,
  { settings: { identityProviders }, nowMs }: { settings: Settings; nowMs: number },
): void {
  const identities = check.checkArray(option, given).map((entry, index) => {
    const link = check.checkObject(`${option}[${index}]`, entry, ['providerName', 'userId'])
    const name = check.checkOneOf(`${option}[${index}].providerName`, link['providerName'], [
      ...identityProviders.keys(),
    ])
    const shape = 'the id at the provider: up to 90 characters without spaces'
    const userId = check.checkString(`${option}[${index}].userId`, link['userId'], subjectPattern, shape)
    const provider = identityProviders.get(name) ?? check.refuse(option, 'providers of the pool')
    return externalIdentity(provider, { userId, isPrimary: false, nowMs })
  })
  if (identities.length > 0) setIdentities(user, identities)
}
