import { verifyLogins } from './logins.ts'
import { optional, readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { assertGuestsAllowed, assertThisPool } from './refusals.ts'
import { claimIdentity, verifySignIn } from './sign-in.ts'

/**
 * `GetId`: the identity of the given logins, the same at each call; without logins a new guest, where guests are
 * allowed. https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html
 */
export async function getId(pool: IdentityPool, input: Record<string, unknown>): Promise<object> {
  const { IdentityPoolId, Logins = {} } = readInput(input, {
    IdentityPoolId: model.identityPoolId,
    AccountId: optional(model.accountId),
    Logins: optional(model.logins),
  })
  assertThisPool(pool, IdentityPoolId)
  if (Object.keys(Logins).length === 0) return { IdentityId: createGuest(pool).id }
  const { logins, ownToken } = await verifyLogins(pool, Logins)
  if (!ownToken) return { IdentityId: pool.identities.ofLogins(logins).id }
  const signIn = await verifySignIn(pool, ownToken.subject, Logins)
  return { IdentityId: claimIdentity(pool, signIn).id }
}

function createGuest(pool: IdentityPool) {
  assertGuestsAllowed(pool)
  return pool.identities.create()
}
