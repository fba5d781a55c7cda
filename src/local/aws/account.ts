import type { Clock } from '../lib/clock.ts'
import { partitionOf } from '../lib/partition.ts'
import { createCallers, type Callers } from './callers.ts'
import { developer, type AccessKey } from './developer.ts'
import { builtInRoles, createRoles, type DescribedRole, type Roles } from './iam/role.ts'
import { createAssumeRole, type AssumeRole } from './sts/assume-role.ts'

/** No AWS account has this id, so an ARN made of it is seen to be local. */
export const localAccountId = '000000000000'

interface AccountOptions {
  clock: Clock
  region: string
  bucket: string
  identityPoolId: string
  accessKeys: readonly AccessKey[]
  iamRoles: readonly DescribedRole[] | undefined
  /** Whether the identity pool gives this role to guests. */
  isGuestRole: (arn: string) => boolean
}

/** The local AWS account: who may sign requests, and which roles there are. */
export interface Account {
  callers: Callers
  roles: Roles
  assumeRole: AssumeRole
}

export function createAccount(options: AccountOptions): Account {
  const { clock, region, accessKeys, iamRoles, ...usual } = options
  const partition = partitionOf(region)
  const account = { partition, account: localAccountId }
  const callers = createCallers(
    clock,
    accessKeys.map((key) => developer(key, account)),
  )
  const builtIn = Object.values(builtInRoles(partition, localAccountId))
  const roles = createRoles(iamRoles, builtIn, { ...usual, partition })
  return { callers, roles, assumeRole: createAssumeRole(roles, callers) }
}
