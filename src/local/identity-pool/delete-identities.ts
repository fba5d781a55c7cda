import * as member from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'

/**
 * `DeleteIdentities`: their logins are new identities the next time; credentials that were issued live on. An id that nobody has
 * is answered as one of somebody else's pool.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentities.html
 */
export function deleteIdentities(pool: IdentityPool, input: Record<string, unknown>): object {
  const { IdentityIdsToDelete } = member.readInput(input, {
    IdentityIdsToDelete: member.list(model.identityId, { min: 1, max: 60 }),
  })
  const ids = [...new Set(IdentityIdsToDelete)]
  const unprocessed = ids.filter((identityId) => !pool.identities.delete(identityId))
  return {
    UnprocessedIdentityIds: unprocessed.map((IdentityId) => ({ IdentityId, ErrorCode: 'AccessDenied' })),
  }
}
