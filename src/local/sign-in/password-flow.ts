import type { AuthFlow } from '../user-pool/auth-sessions.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { checkSecretHash } from './client-checks.ts'
import { afterPassword } from './next-question.ts'
import { parameter, usernameParameter } from './parameters.ts'
import { provePassword } from './password-proof.ts'
import { beginAttempt, type SignInRequest } from './request.ts'
import { migrateUser } from './user-migration.ts'

/** `USER_PASSWORD_AUTH` and `ADMIN_USER_PASSWORD_AUTH`: name and password as they are. */
export function passwordFlow(flow: AuthFlow) {
  return async (pool: UserPool, request: SignInRequest): Promise<object> => {
    const username = usernameParameter(request.parameters)
    const password = parameter(request.parameters, 'PASSWORD')
    checkSecretHash(request.client, [username], request.parameters.get('SECRET_HASH'))
    await migrateUser(pool, request, username, password)
    const attempt = await beginAttempt(pool, flow, request, username)
    provePassword(pool, attempt.user, password)
    return afterPassword(pool, attempt)
  }
}
