import { CredentialsError } from '../errors.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import type { Tokens } from './logins.ts'

/**
 * A role that is asked for must be one of those in the user's ID token (`cognito:roles`, the roles of their groups), or
 * nothing is sent. Cognito checks the same for role mappings of the type `Token`. `roles` are those of verified claims;
 * without them the tokens say it, which nobody has verified here: good for refusing, and Cognito itself verifies them.
 * Throws {@link CredentialsError}. https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
 */
export function assertAllowedRole(
  customRoleArn: string | undefined,
  roles: readonly string[] | undefined,
  tokens: Tokens,
): void {
  if (customRoleArn === undefined || (roles ?? rolesOf(tokens)).includes(customRoleArn)) return
  throw new CredentialsError(
    'role_not_allowed',
    'The "customRoleArn" is not among the roles of the user’s groups (`cognito:roles` in the ID token).',
  )
}

function rolesOf(tokens: Tokens): string[] {
  return Object.values(tokens).flatMap((token) => {
    const roles = unverifiedPayload(token)['cognito:roles']
    return Array.isArray(roles) ? (roles as string[]) : []
  })
}
