import { equalSecrets } from '../lib/secrets.ts'
import { ServiceError } from '../server/service-error.ts'
import type { Attempt } from '../user-pool/auth-sessions.ts'
import { useTotp } from '../user-pool/totp.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { answering, type AnswerRequest } from './answer.ts'
import { finish } from './finish.ts'
import { askFactor } from './mfa.ts'
import { parameter } from './parameters.ts'
import { invalidParameter } from './refusal.ts'
import { refuseLocked, refuseState } from './who.ts'

/** `SMS_MFA`: a second factor. */
export async function answerSmsMfa(pool: UserPool, request: AnswerRequest): Promise<object> {
  return answerCode(pool, request, 'SMS_MFA', 'SMS_MFA_CODE')
}

/** `SMS_OTP`: a first factor. It shows that the number is the user's. */
export async function answerSmsOtp(pool: UserPool, request: AnswerRequest): Promise<object> {
  return answerCode(pool, request, 'SMS_OTP', 'SMS_OTP_CODE')
}

/** `EMAIL_OTP`: a first or a second factor. */
export async function answerEmailOtp(pool: UserPool, request: AnswerRequest): Promise<object> {
  return answerCode(pool, request, 'EMAIL_OTP', 'EMAIL_OTP_CODE')
}

async function answerCode(
  pool: UserPool,
  request: AnswerRequest,
  name: 'SMS_MFA' | 'SMS_OTP' | 'EMAIL_OTP',
  entry: string,
): Promise<object> {
  const code = parameter(request.responses, entry)
  const { attempt, pending, close } = answering(pool, request, name)
  countCode(pool, attempt, () => (equalSecrets(pending.code, code) ? 'right' : 'wrong'))
  close()
  // Whoever reads the code has the address or number.
  const attribute = name === 'EMAIL_OTP' ? 'email' : 'phone_number'
  attempt.user.attributes.set(`${attribute}_verified`, 'true')
  if (pending.name === 'EMAIL_OTP' && !pending.first) attempt.user.mfa.enabled.add('EMAIL_OTP')
  return finish(pool, attempt)
}

/** `SOFTWARE_TOKEN_MFA`: the code of an authenticator app. */
export async function answerSoftwareToken(pool: UserPool, request: AnswerRequest): Promise<object> {
  const code = parameter(request.responses, 'SOFTWARE_TOKEN_MFA_CODE')
  const { attempt, close } = answering(pool, request, 'SOFTWARE_TOKEN_MFA')
  const { softwareToken } = attempt.user.mfa
  if (!softwareToken) {
    throw new ServiceError(
      'SoftwareTokenMFANotFoundException',
      'Software token MFA is not set up for the user.',
    )
  }
  countCode(pool, attempt, () => useTotp(softwareToken, code, pool.clock.now()))
  close()
  return finish(pool, attempt)
}

/** `SELECT_MFA_TYPE`: which second factor the user wants to be asked for. */
export async function answerMfaChoice(pool: UserPool, request: AnswerRequest): Promise<object> {
  const wanted = parameter(request.responses, 'ANSWER')
  const { attempt, pending, close } = answering(pool, request, 'SELECT_MFA_TYPE')
  const mfa = pending.mfas.find((one) => one === wanted)
  if (!mfa) throw invalidParameter('The selected MFA type is not available for the user.')
  close()
  return askFactor(pool, attempt, mfa)
}

/** Wrong codes count towards the lockout as wrong passwords do. */
function countCode(pool: UserPool, { user }: Attempt, use: () => 'right' | 'wrong' | 'used'): void {
  refuseLocked(pool, user)
  refuseState(user)
  const verdict = use()
  if (verdict === 'used') {
    throw new ServiceError('ExpiredCodeException', 'Your software token has already been used once.')
  }
  if (verdict === 'wrong') {
    pool.lockouts.failed(user)
    throw new ServiceError('CodeMismatchException', 'Invalid verification code provided, please try again.')
  }
  pool.lockouts.succeeded(user)
}
