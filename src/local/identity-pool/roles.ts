import { partitionOf } from '../lib/partition.ts'
import { ServiceError } from '../server/service-error.ts'
import type { VerifiedLogin } from './logins.ts'

interface RoleContext {
  region: string
  accountId: string
}

/**
 * The IAM role that the credentials assume, as a role mapping of type `Token` chooses it: `CustomRoleArn` when
 * the token lists it, else the token's preferred role, else the pool's own role for signed-in users or guests.
 * Throws `NotAuthorizedException` for a `CustomRoleArn` that no token lists.
 */
export function chooseRole(
  context: RoleContext,
  logins: readonly VerifiedLogin[],
  customRoleArn: string | undefined,
): string {
  if (customRoleArn !== undefined) {
    if (logins.some(({ claims }) => lists(claims['cognito:roles'], customRoleArn))) return customRoleArn
    throw new ServiceError('NotAuthorizedException', `Access to Role '${customRoleArn}' is forbidden.`)
  }
  for (const { claims } of logins) {
    const preferred = claims['cognito:preferred_role']
    if (typeof preferred === 'string' && preferred !== '') return preferred
  }
  const name = logins.length > 0 ? 'local-authenticated' : 'local-unauthenticated'
  return `arn:${partitionOf(context.region)}:iam::${context.accountId}:role/${name}`
}

function lists(roles: unknown, roleArn: string): boolean {
  return Array.isArray(roles) && roles.includes(roleArn)
}
