import { optional } from '../server/members.ts'
import { ServiceError } from '../server/service-error.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { newSecretCode } from '../user-pool/totp.ts'
import { openSession } from '../sign-in/questions.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import { callerOf } from './caller.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'
import { setupSession } from './setup-session.ts'

/** AssociateSoftwareToken: a secret for an authenticator app, within `MFA_SETUP` or for a user who is signed in. */
export async function associateSoftwareToken(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken, Session } = readInput(input, {
    AccessToken: optional(model.accessToken),
    Session: optional(model.session),
  })
  if (!pool.settings.enabledMfas.includes('SOFTWARE_TOKEN_MFA')) {
    throw new ServiceError(
      'SoftwareTokenMFANotFoundException',
      'Software Token MFA has not been enabled by the userPool',
    )
  }
  const softwareToken = { secretCode: newSecretCode(), friendlyDeviceName: undefined, usedStep: 0 }
  if (Session !== undefined) {
    const { attempt, pending } = setupSession(pool, Session)
    pool.authSessions.delete(Session)
    const next = { attempt, pending: { ...pending, softwareToken, verified: false } }
    return { SecretCode: softwareToken.secretCode, Session: openSession(pool, next) }
  }
  if (AccessToken === undefined) throw invalidParameter('Missing required parameter AccessToken or Session')
  const { user } = await callerOf(pool, AccessToken)
  pool.unverifiedSoftwareTokens.set(user.sub, softwareToken, 3600)
  return { SecretCode: softwareToken.secretCode }
}
