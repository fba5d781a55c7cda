import { atSignIn } from '../user-pool/custom-message.ts'
import { sixDigits } from '../user-pool/confirmation-codes.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { answering, type AnswerRequest } from './answer.ts'
import { deliver, deliveryParameters } from './delivery.ts'
import { finish } from './finish.ts'
import { ask } from './questions.ts'
import { invalidParameter, notAuthorized } from './refusal.ts'

/**
 * `MFA_SETUP`: with an authenticator app that VerifySoftwareToken has seen a code of, or with an e-mail address, which a code goes
 * to.
 */
export async function answerMfaSetup(pool: UserPool, request: AnswerRequest): Promise<object> {
  const { responses } = request
  const { attempt, pending, close } = answering(pool, request, 'MFA_SETUP')
  const { user } = attempt
  // The guide and the SDKs spell it differently.
  const email = responses.get('EMAIL') ?? responses.get('email')
  if (email !== undefined) {
    if (!pending.mfas.includes('EMAIL_OTP') || !/^[^\s@]+@[^\s@]+$/.test(email)) {
      throw invalidParameter('Invalid email address format.')
    }
    close()
    user.attributes.set('email', email).set('email_verified', 'false')
    const code = sixDigits()
    const delivery = await deliver(pool, user, 'email', {
      purpose: 'MFA',
      code,
      occasion: atSignIn(attempt),
    })
    const parameters = { ...deliveryParameters(delivery), USER_ID_FOR_SRP: user.username }
    return ask(pool, attempt, { name: 'EMAIL_OTP', code, first: false }, parameters)
  }
  if (!pending.softwareToken || !pending.verified) {
    throw notAuthorized('Invalid session for the user.')
  }
  close()
  user.mfa.softwareToken = pending.softwareToken
  user.mfa.enabled.add('SOFTWARE_TOKEN_MFA')
  return finish(pool, attempt)
}
