import type { Attempt } from '../user-pool/auth-sessions.ts'
import { srpIdentity } from '../user-pool/srp-verifiers.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import type { AnswerRequest } from './answer.ts'
import { checkSecretHash } from './client-checks.ts'
import { nextCustomStep } from './custom-flow.ts'
import { afterPassword } from './next-question.ts'
import { usernameParameter } from './parameters.ts'
import { countProof } from './password-proof.ts'
import { ask, namesUser, openedSession } from './questions.ts'
import { notAuthorized, wrongPassword } from './refusal.ts'
import { beginAttempt, type SignInRequest } from './request.ts'
import { clientNumber, isProof, openExchange, proofFrom } from './srp.ts'

/** `USER_SRP_AUTH`: the password is proved, not sent. */
export async function srpFlow(pool: UserPool, request: SignInRequest): Promise<object> {
  const username = usernameParameter(request.parameters)
  const A = clientNumber(request.parameters)
  checkSecretHash(request.client, [username], request.parameters.get('SECRET_HASH'))
  return askPasswordVerifier(pool, await beginAttempt(pool, 'USER_SRP_AUTH', request, username), A)
}

/** Asks for the proof. Whether there is such a user, and in which state, shows at the answer only. */
export function askPasswordVerifier(pool: UserPool, attempt: Attempt, A: bigint): object {
  const { user } = attempt
  const verifier = pool.srpVerifiers.of(pool, user)
  const { secretBlock, parameters } = openExchange(pool, attempt, {
    identity: srpIdentity(pool, user),
    verifier,
    A,
  })
  const names = { USERNAME: user.username, USER_ID_FOR_SRP: user.username }
  return ask(pool, attempt, { name: 'PASSWORD_VERIFIER', secretBlock }, { ...parameters, ...names })
}

/** `PASSWORD_VERIFIER`: the one challenge that is answered without a `Session` too. */
export async function answerPasswordVerifier(pool: UserPool, request: AnswerRequest): Promise<object> {
  const { client, responses, session } = request
  const username = usernameParameter(responses)
  const proof = proofFrom(responses)
  const { clientId } = client
  if (session !== undefined) {
    const { pending } = openedSession(pool, session, { name: 'PASSWORD_VERIFIER', clientId, username })
    if (pending.secretBlock !== proof.secretBlock) throw notAuthorized(wrongPassword)
    pool.authSessions.delete(session)
  }
  // Taken first: a proof that was tried wrongly cannot be tried again.
  const srp = pool.srpSessions.take(proof.secretBlock)
  if (!srp || srp.attempt.client !== client || !namesUser(pool, srp.attempt, username)) {
    throw notAuthorized(wrongPassword)
  }
  const { attempt, exchange } = srp
  checkSecretHash(client, [attempt.user.username, attempt.user.sub], responses.get('SECRET_HASH'))
  countProof(pool, attempt.user, () => isProof(pool, exchange, proof))
  attempt.deviceKey = responses.get('DEVICE_KEY') ?? attempt.deviceKey
  if (attempt.flow !== 'CUSTOM_AUTH') return afterPassword(pool, attempt)
  attempt.results.push({ challengeName: 'PASSWORD_VERIFIER', challengeResult: true })
  return nextCustomStep(pool, attempt, undefined)
}
