import { chooseRole } from './choose-role.ts'
import { optional, readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { invalidConfiguration } from './refusals.ts'
import { claimIdentity, poolIdentity, verifySignIn } from './sign-in.ts'

/** Fixed by Cognito in the enhanced flow, as is the name of the session. */
const durationSeconds = 3600
const sessionName = 'CognitoIdentityCredentials'

/**
 * `GetCredentialsForIdentity`: one hour of AWS credentials for an identity, given one of its logins.
 * The `IdentityId` returned is another one than asked for when identities were merged.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
 */
export async function getCredentialsForIdentity(
  pool: IdentityPool,
  input: Record<string, unknown>,
): Promise<object> {
  const { IdentityId, Logins, CustomRoleArn } = readInput(input, {
    IdentityId: model.identityId,
    CustomRoleArn: optional(model.roleArn),
    Logins: optional(model.logins),
  })
  const signIn = await verifySignIn(pool, IdentityId, Logins ?? {})
  const roleArn = chooseRole(pool, { ...signIn, customRoleArn: CustomRoleArn })
  const identity = claimIdentity(pool, signIn)
  const assumed = pool.assumeRole({
    roleArn,
    sessionName,
    durationSeconds,
    identity: {
      ...poolIdentity(pool, identity, signIn),
      provider: pool.openIdTokens.providerName,
      audience: pool.settings.identityPoolId,
    },
  })
  if (!assumed.ok) throw invalidConfiguration()
  const { accessKeyId, expiresAtSeconds, secretAccessKey, sessionToken } = assumed.credentials
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      Expiration: expiresAtSeconds,
      SecretKey: secretAccessKey,
      SessionToken: sessionToken,
    },
    IdentityId: identity.id,
  }
}
