import type { AuthFlow } from '../user-pool/auth-sessions.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { checkSecretHash } from './client-checks.ts'
import { afterPassword } from './next-question.ts'
import { parameter, usernameParameter } from './parameters.ts'
import { provePassword } from './password-proof.ts'
import { beginAttempt, type SignInRequest } from './request.ts'
import { migrateUser } from './user-migration.ts'

/** `USER_PASSWORD_AUTH`, `ADMIN_USER_PASSWORD_AUTH` and the page: name and password as they are. */
export function passwordFlow(flow: AuthFlow) {
  return async (pool: UserPool, request: SignInRequest): Promise<object> => {
    const username = usernameParameter(request.parameters)
    const password = parameter(request.parameters, 'PASSWORD')
    // A page shows by itself that it belongs to the client.
    if (flow !== 'HOSTED') checkSecretHash(request.client, [username], request.parameters.get('SECRET_HASH'))
    await migrateUser(pool, request, username, password)
    const attempt = await beginAttempt(pool, flow, request, username)
    provePassword(pool, attempt.user, password)
    return afterPassword(pool, attempt)
  }
}
