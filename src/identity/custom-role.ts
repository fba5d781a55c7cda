import { CredentialsError } from '../errors.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import type { Tokens } from './logins.ts'

/**
 * A role that is asked for must be one of those in the user's ID token (`cognito:roles`, the roles of their groups), or
 * nothing is sent. Cognito checks the same for role mappings of the type `Token`. Throws {@link CredentialsError}.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
 */
export function assertAllowedRole(
  customRoleArn: string | undefined,
  roles: readonly string[] | undefined,
): void {
  if (customRoleArn === undefined || roles?.includes(customRoleArn)) return
  throw new CredentialsError(
    'role_not_allowed',
    'The "customRoleArn" is not among the roles of the user’s groups (`cognito:roles` in the ID token).',
  )
}

/** `cognito:roles` of tokens that nobody has verified here: good for refusing; Cognito itself verifies them. */
export function rolesOfTokens(tokens: Tokens): string[] {
  return Object.values(tokens).flatMap((token) => {
    const roles = unverifiedPayload(token)['cognito:roles']
    return Array.isArray(roles) ? (roles as string[]) : []
  })
}
