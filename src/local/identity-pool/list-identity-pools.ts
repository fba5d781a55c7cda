import { optional, readInput } from './members.ts'
import * as model from './model.ts'
import { page } from './pagination.ts'
import type { IdentityPool } from './pool.ts'

/**
 * `ListIdentityPools`: the one.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentityPools.html
 */
export function listIdentityPools({ settings }: IdentityPool, input: Record<string, unknown>): object {
  const { MaxResults, NextToken } = readInput(input, {
    MaxResults: model.maxResults,
    NextToken: optional(model.nextToken),
  })
  const { identityPoolId: IdentityPoolId, identityPoolName: IdentityPoolName } = settings
  const found = page([{ IdentityPoolId, IdentityPoolName }], MaxResults, NextToken)
  return { IdentityPools: found.entries, NextToken: found.NextToken }
}
