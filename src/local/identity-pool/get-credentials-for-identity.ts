import { ServiceError } from '../server/service-error.ts'
import { readInput } from './input.ts'
import { assertGuestsAllowed } from './get-id.ts'
import type { Identity } from './identities.ts'
import type { IdentityPoolState } from './index.ts'
import { verifyLogins } from './logins.ts'
import { chooseRole } from './roles.ts'

/**
 * `GetCredentialsForIdentity`: one hour of AWS credentials for an identity, given one of its logins.
 * The `IdentityId` returned is another one than asked for when identities were merged.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
 */
export async function getCredentialsForIdentity(
  pool: IdentityPoolState,
  input: Record<string, unknown>,
): Promise<object> {
  const names = { required: 'IdentityId', optional: 'CustomRoleArn' } as const
  const { required: identityId, optional: customRoleArn, logins } = readInput(input, names)
  const identity = pool.identities.find(identityId)
  if (!identity) throw new ServiceError('ResourceNotFoundException', `Identity '${identityId}' not found.`)
  if (Object.keys(logins).length === 0) assertUsableWithoutLogins(pool, identity, identityId)
  const verified = await verifyLogins(logins, pool.providers, pool.clock)
  const roleArn = chooseRole(pool, verified, customRoleArn)
  const claimed = verified.length > 0 ? pool.identities.claim(identity, verified) : identity
  const issued = pool.credentials.issue(claimed.id, roleArn)
  return {
    Credentials: {
      AccessKeyId: issued.accessKeyId,
      Expiration: issued.expiresAtSeconds,
      SecretKey: issued.secretAccessKey,
      SessionToken: issued.sessionToken,
    },
    IdentityId: claimed.id,
  }
}

function assertUsableWithoutLogins(pool: IdentityPoolState, identity: Identity, identityId: string): void {
  if (identity.logins.size > 0)
    throw new ServiceError('NotAuthorizedException', `Access to Identity '${identityId}' is forbidden.`)
  assertGuestsAllowed(pool)
}
