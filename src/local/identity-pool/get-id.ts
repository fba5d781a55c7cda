import { ServiceError } from '../server/service-error.ts'
import { readInput } from './input.ts'
import type { IdentityPoolState } from './index.ts'
import { verifyLogins } from './logins.ts'

/**
 * `GetId`: the identity of the given logins, the same at each call; without logins a new guest, where guests are
 * allowed. https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html
 */
export async function getId(pool: IdentityPoolState, input: Record<string, unknown>): Promise<object> {
  const names = { required: 'IdentityPoolId', optional: 'AccountId' } as const
  const { required: identityPoolId, logins } = readInput(input, names)
  if (identityPoolId !== pool.identityPoolId)
    throw new ServiceError('ResourceNotFoundException', `IdentityPool '${identityPoolId}' not found.`)
  if (Object.keys(logins).length === 0) return { IdentityId: createGuest(pool).id }
  const verified = await verifyLogins(logins, pool.providers, pool.clock)
  return { IdentityId: pool.identities.ofLogins(verified).id }
}

function createGuest(pool: IdentityPoolState) {
  assertGuestsAllowed(pool)
  return pool.identities.createGuest()
}

/** Throws Cognito's answer to a call without logins on a pool that has no guests. */
export function assertGuestsAllowed(pool: IdentityPoolState): void {
  if (!pool.allowUnauthenticatedIdentities)
    throw new ServiceError(
      'NotAuthorizedException',
      'Unauthenticated access is not supported for this identity pool.',
    )
}
