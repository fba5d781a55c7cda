import { identityDescription } from './describe-identity.ts'
import * as member from './members.ts'
import * as model from './model.ts'
import { page } from './pagination.ts'
import type { IdentityPool } from './pool.ts'
import { assertThisPool } from './refusals.ts'

/**
 * `ListIdentities`: the oldest first; those that were merged into others are disabled.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentities.html
 */
export function listIdentities(pool: IdentityPool, input: Record<string, unknown>): object {
  const { IdentityPoolId, MaxResults, NextToken, HideDisabled } = member.readInput(input, {
    IdentityPoolId: model.identityPoolId,
    MaxResults: model.maxResults,
    NextToken: member.optional(model.nextToken),
    HideDisabled: member.optional(member.boolean),
  })
  assertThisPool(pool, IdentityPoolId)
  const shown = pool.identities.all().filter(({ mergedInto }) => !(HideDisabled && mergedInto))
  const found = page(shown, MaxResults, NextToken)
  return {
    IdentityPoolId,
    Identities: found.entries.map(identityDescription),
    NextToken: found.NextToken,
  }
}
