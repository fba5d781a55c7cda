import { ServiceError } from '../server/service-error.ts'
import { usableAccessToken, userGone } from '../user-pool/access-token.ts'
import type { SignIn } from '../user-pool/sign-ins.ts'
import { apiScope } from '../user-pool/tokens.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { notAuthorized } from '../sign-in/refusal.ts'

/** Whom the access token of a self-service operation speaks for. It needs the scope `aws.cognito.signin.user.admin`. */
export async function callerOf(
  pool: UserPool,
  accessToken: string,
): Promise<{ user: User; clientId: string; signIn: SignIn | undefined }> {
  const found = await usableAccessToken(pool, accessToken)
  if (found === userGone) throw new ServiceError('UserNotFoundException', found)
  if (typeof found === 'string') throw notAuthorized(found)
  if (!found.scopes.includes(apiScope)) throw notAuthorized('Access Token does not have required scopes')
  return found
}
