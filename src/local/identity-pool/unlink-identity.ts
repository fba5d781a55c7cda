import * as member from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { claimIdentity, verifySignIn } from './sign-in.ts'
import { notAuthorized } from './refusals.ts'

/**
 * `UnlinkIdentity`: logins that are a new identity the next time they are seen. One of the identity's logins must be proven. An
 * identity that loses its last login cannot be reached any more.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkIdentity.html
 */
export async function unlinkIdentity(pool: IdentityPool, input: Record<string, unknown>): Promise<object> {
  const { IdentityId, Logins, LoginsToRemove } = member.readInput(input, {
    IdentityId: model.identityId,
    Logins: model.logins,
    LoginsToRemove: member.list(member.string({ min: 1, max: 128 }), { min: 0, max: Infinity }),
  })
  const signIn = await verifySignIn(pool, IdentityId, Logins)
  if (!signIn.identity.needsLogin) throw notAuthorized(`Access to Identity '${IdentityId}' is forbidden.`)
  const identity = claimIdentity(pool, signIn)
  pool.identities.unlink(identity, ({ providerName }) => LoginsToRemove.includes(providerName))
  return {}
}
