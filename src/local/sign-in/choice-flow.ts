import type { Attempt, Choice } from '../user-pool/auth-sessions.ts'
import type { Client } from '../user-pool/client.ts'
import { atSignIn } from '../user-pool/custom-message.ts'
import { sixDigits } from '../user-pool/confirmation-codes.ts'
import { exists } from '../user-pool/phantom.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { answering, type AnswerRequest } from './answer.ts'
import { checkSecretHash } from './client-checks.ts'
import { deliver, deliveryParameters } from './delivery.ts'
import { finish } from './finish.ts'
import { usableMfas } from './mfa.ts'
import { afterPassword } from './next-question.ts'
import { parameter, usernameParameter } from './parameters.ts'
import { askPasskey, canUsePasskey } from './passkey-answer.ts'
import { provePassword } from './password-proof.ts'
import { ask, openedSession } from './questions.ts'
import { invalidParameter } from './refusal.ts'
import { beginAttempt, type Parameters, type SignInRequest } from './request.ts'
import { clientNumber } from './srp.ts'
import { askPasswordVerifier } from './srp-flow.ts'
import { refuseLocked, refuseState } from './who.ts'

/** `USER_AUTH`: the client chooses the first factor among those that the pool and the user have. */
export async function choiceFlow(pool: UserPool, request: SignInRequest): Promise<object> {
  const { client, parameters, session } = request
  const username = usernameParameter(parameters)
  checkSecretHash(client, [username], parameters.get('SECRET_HASH'))
  if (session !== undefined) return afterSignUp(pool, request, { session, username })
  const attempt = await beginAttempt(pool, 'USER_AUTH', request, username)
  const choices = choicesOf(pool, attempt)
  const preferred = choices.find((choice) => choice === parameters.get('PREFERRED_CHALLENGE'))
  if (preferred) return choose(pool, attempt, preferred, parameters)
  return ask(pool, attempt, { name: 'SELECT_CHALLENGE', choices }, {}, { AvailableChallenges: choices })
}

const codes = ['EMAIL_OTP', 'SMS_OTP'] as const

type CodeChoice = (typeof codes)[number]

/** The codes that stand for a password on the pages: those of the pool, for clients that let people choose. A demanded second factor rules them out. */
export function offeredCodes({ settings }: UserPool, { explicitAuthFlows }: Client): CodeChoice[] {
  if (!explicitAuthFlows.includes('ALLOW_USER_AUTH') || settings.mfaConfiguration === 'ON') return []
  return codes.filter((code) => settings.allowedFirstAuthFactors.includes(code))
}

/** A sign-in on a page that begins with a code. Users who cannot get one are refused. */
export async function hostedCode(
  pool: UserPool,
  request: SignInRequest,
  choice: CodeChoice,
): Promise<object> {
  const attempt = await beginAttempt(pool, 'HOSTED', request, usernameParameter(request.parameters))
  if (!choicesOf(pool, attempt).includes(choice)) {
    throw invalidParameter('The selected challenge is not available for the user.')
  }
  return askCode(pool, attempt, choice)
}

/** The `Session` of a confirmed sign-up stands for the code that was just typed. */
async function afterSignUp(
  pool: UserPool,
  { client, parameters }: SignInRequest,
  { session, username }: { session: string; username: string },
): Promise<object> {
  const caller = { name: 'SIGN_UP_CONFIRMED', clientId: client.clientId, username } as const
  const { attempt } = openedSession(pool, session, caller)
  pool.authSessions.delete(session)
  refuseState(attempt.user)
  return finish(pool, { ...attempt, deviceKey: parameters.get('DEVICE_KEY') })
}

/** In alphabetical order. A second factor rules out codes as the first one, and passkeys unless they stand for both. */
function choicesOf(pool: UserPool, { user }: Attempt): Choice[] {
  const { allowedFirstAuthFactors, mfaConfiguration, webAuthn } = pool.settings
  const isPhantom = !exists(pool, user)
  const passwords: Choice[] = user.password !== undefined || isPhantom ? ['PASSWORD', 'PASSWORD_SRP'] : []
  const withMfa =
    mfaConfiguration === 'ON' || (mfaConfiguration === 'OPTIONAL' && usableMfas(pool, user).length > 0)
  if (user.status === 'FORCE_CHANGE_PASSWORD') return passwords
  const forBoth = webAuthn.factorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION' && user.mfa.webAuthn
  const passkeys = (!withMfa || forBoth) && canUsePasskey(pool, user) ? (['WEB_AUTHN'] as const) : []
  if (withMfa) return [...passwords, ...passkeys]
  const sent = allowedFirstAuthFactors.filter(
    (factor) =>
      (factor === 'EMAIL_OTP' && user.attributes.has('email')) ||
      (factor === 'SMS_OTP' && user.attributes.has('phone_number')),
  )
  return [...passwords, ...sent, ...passkeys].sort()
}

async function choose(
  pool: UserPool,
  attempt: Attempt,
  choice: Choice,
  parameters: Parameters,
): Promise<object> {
  switch (choice) {
    case 'PASSWORD':
      provePassword(pool, attempt.user, parameter(parameters, 'PASSWORD'))
      return afterPassword(pool, attempt)
    case 'PASSWORD_SRP':
      return askPasswordVerifier(pool, attempt, clientNumber(parameters))
    case 'EMAIL_OTP':
    case 'SMS_OTP':
      return askCode(pool, attempt, choice)
    case 'WEB_AUTHN':
      return askPasskey(pool, attempt)
  }
}

async function askCode(pool: UserPool, attempt: Attempt, choice: 'EMAIL_OTP' | 'SMS_OTP'): Promise<object> {
  refuseLocked(pool, attempt.user)
  refuseState(attempt.user)
  const code = sixDigits()
  const attribute = choice === 'EMAIL_OTP' ? 'email' : 'phone_number'
  const delivery = await deliver(pool, attempt.user, attribute, {
    purpose: 'SIGN_IN',
    code,
    occasion: atSignIn(attempt),
  })
  const pending = choice === 'EMAIL_OTP' ? { name: choice, code, first: true } : { name: choice, code }
  return ask(pool, attempt, pending, deliveryParameters(delivery))
}

/** `SELECT_CHALLENGE`, and the challenges `PASSWORD` and `PASSWORD_SRP`, which name the choice themselves. */
export function answerChoice(named: 'PASSWORD' | 'PASSWORD_SRP' | undefined) {
  return async (pool: UserPool, request: AnswerRequest): Promise<object> => {
    const { responses } = request
    const wanted = named ?? parameter(responses, 'ANSWER')
    const { attempt, pending, close } = answering(pool, request, 'SELECT_CHALLENGE')
    const choice = pending.choices.find((one) => one === wanted)
    if (!choice) throw invalidParameter('The selected challenge is not available for the user.')
    const next = await choose(pool, attempt, choice, responses)
    close()
    return next
  }
}
