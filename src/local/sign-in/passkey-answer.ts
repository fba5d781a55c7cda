import { acceptAssertion } from '../passkeys/assertion.ts'
import { newChallenge, requestOptions, usablePasskeys } from '../passkeys/options.ts'
import { PasskeyRefused } from '../passkeys/refusal.ts'
import type { Attempt } from '../user-pool/auth-sessions.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { answering, type AnswerRequest } from './answer.ts'
import { finish } from './finish.ts'
import { usableMfas } from './mfa.ts'
import { parameter } from './parameters.ts'
import { ask } from './questions.ts'
import { invalidParameter, notAuthorized } from './refusal.ts'
import { refuseState } from './who.ts'

/** Whether the user has a passkey that the pool takes. */
export function canUsePasskey({ settings }: UserPool, user: User): boolean {
  const { allowedFirstAuthFactors, webAuthn } = settings
  return allowedFirstAuthFactors.includes('WEB_AUTHN') && usablePasskeys(user, webAuthn).length > 0
}

/** `WEB_AUTHN` asks for a signature of one of the user's passkeys. Where it stands for two factors, its authenticator must know its user. */
export function askPasskey(pool: UserPool, attempt: Attempt): object {
  const { user } = attempt
  refuseState(user)
  const { webAuthn } = pool.settings
  const forBoth = user.mfa.webAuthn || usableMfas(pool, user).length > 0
  const userVerification = forBoth ? 'required' : webAuthn.userVerification
  const challenge = newChallenge()
  const options = requestOptions(user, challenge, webAuthn, userVerification)
  return ask(
    pool,
    attempt,
    { name: 'WEB_AUTHN', challenge, userVerification },
    { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(options) },
  )
}

/** The answer: `AuthenticationResponseJSON` as a string. Whatever is wrong with a proof is refused in the same words. */
export async function answerPasskey(pool: UserPool, request: AnswerRequest): Promise<object> {
  const credential = jsonOf(parameter(request.responses, 'CREDENTIAL'))
  const { attempt, pending, close } = answering(pool, request, 'WEB_AUTHN')
  // Unlike a code, a signature cannot be mistyped: one answer, right or wrong, uses the challenge up.
  close()
  refuseState(attempt.user)
  const { relyingPartyId } = pool.settings.webAuthn
  const { challenge, userVerification } = pending
  try {
    acceptAssertion(attempt.user, credential, { challenge, relyingPartyId, userVerification })
  } catch (error) {
    throw error instanceof PasskeyRefused ? notAuthorized('Invalid passkey credential.') : error
  }
  return finish(pool, attempt)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidParameter('CREDENTIAL is not JSON.')
  }
}
