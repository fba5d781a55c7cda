import { list, optional, string } from '../../server/members.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { page } from '../page.ts'
import { checkPoolId } from '../pool-id.ts'
import { userFilter } from './user-filter.ts'
import { userOutput } from './user-output.ts'

/** ListUsers: in pages, filtered by one attribute, with the attributes that are asked for. */
export function listUsers(pool: UserPool, input: Input): object {
  const { UserPoolId, AttributesToGet, Limit, PaginationToken, Filter } = readInput(input, {
    UserPoolId: model.userPoolId,
    AttributesToGet: optional(list(model.attributeName, { min: 0, max: Number.MAX_SAFE_INTEGER })),
    Limit: optional(model.limit),
    PaginationToken: optional(model.nextToken),
    Filter: optional(string({ max: 256 })),
  })
  checkPoolId(pool, UserPoolId)
  const found = pool.users.all().filter(userFilter(Filter))
  const { entries, next } = page(found, Limit, PaginationToken)
  return { Users: entries.map((user) => userOutput(user, AttributesToGet)), PaginationToken: next }
}
