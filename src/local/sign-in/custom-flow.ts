import { ServiceError } from '../server/service-error.ts'
import type { Attempt } from '../user-pool/auth-sessions.ts'
import { exists } from '../user-pool/phantom.ts'
import { runTrigger } from '../user-pool/run-trigger.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { answering, type AnswerRequest } from './answer.ts'
import { checkSecretHash } from './client-checks.ts'
import { finish, withMetadata } from './finish.ts'
import { parameter, usernameParameter } from './parameters.ts'
import { ask } from './questions.ts'
import { invalidParameter, notAuthorized, wrongPassword } from './refusal.ts'
import { beginAttempt, type SignInRequest } from './request.ts'
import { clientNumber } from './srp.ts'
import { askPasswordVerifier } from './srp-flow.ts'
import { refuseState } from './who.ts'

/** `CUSTOM_AUTH`: the triggers decide what is asked, and whether it was answered; SRP may come first. */
export async function customFlow(pool: UserPool, request: SignInRequest): Promise<object> {
  const { client, parameters } = request
  const username = usernameParameter(parameters)
  checkSecretHash(client, [username], parameters.get('SECRET_HASH'))
  const A = parameters.get('CHALLENGE_NAME') === 'SRP_A' ? clientNumber(parameters) : undefined
  const attempt = await beginAttempt(pool, 'CUSTOM_AUTH', request, username)
  refuseState(attempt.user)
  if (A !== undefined) {
    attempt.srp = true
    attempt.results.push({ challengeName: 'SRP_A', challengeResult: true })
  }
  return nextCustomStep(pool, attempt, A)
}

/** Lets the define trigger say what comes next. `A` only while SRP may still be asked for. */
export async function nextCustomStep(
  pool: UserPool,
  attempt: Attempt,
  A: bigint | undefined,
): Promise<object> {
  const step = await runTrigger(pool, 'defineAuthChallenge', {
    source: 'DefineAuthChallenge_Authentication',
    user: attempt.user,
    client: attempt.client,
    request: { session: attempt.results, ...whether(pool, attempt) },
    response: { issueTokens: false, failAuthentication: false },
  })
  if (!step) throw invalidParameter('Custom auth lambda trigger is not configured for the user pool.')
  if (step.failAuthentication === true) throw notAuthorized(wrongPassword)
  if (step.issueTokens === true) return finish(pool, attempt)
  if (step.challengeName === 'PASSWORD_VERIFIER' && A !== undefined) {
    return askPasswordVerifier(pool, attempt, A)
  }
  if (step.challengeName !== 'CUSTOM_CHALLENGE') throw unrecognizable()
  return askCustom(pool, attempt, step.challengeName)
}

async function askCustom(pool: UserPool, attempt: Attempt, challengeName: string): Promise<object> {
  const challenge = await runTrigger(pool, 'createAuthChallenge', {
    source: 'CreateAuthChallenge_Authentication',
    user: attempt.user,
    client: attempt.client,
    request: { challengeName, session: attempt.results, ...whether(pool, attempt) },
    response: {},
  })
  if (!challenge) throw invalidParameter('Custom auth lambda trigger is not configured for the user pool.')
  const { publicChallengeParameters = {}, privateChallengeParameters = {}, challengeMetadata } = challenge
  return ask(
    pool,
    attempt,
    {
      name: 'CUSTOM_CHALLENGE',
      challengeName,
      privateParameters: privateChallengeParameters,
      metadata: challengeMetadata,
    },
    { ...publicChallengeParameters, USERNAME: attempt.user.username },
  )
}

/** `CUSTOM_CHALLENGE`: the verify trigger judges the answer, and the define trigger goes on, whatever it said. */
export async function answerCustomChallenge(pool: UserPool, request: AnswerRequest): Promise<object> {
  const challengeAnswer = parameter(request.responses, 'ANSWER')
  const { attempt, pending, close } = answering(pool, request, 'CUSTOM_CHALLENGE')
  close()
  const verdict = await runTrigger(pool, 'verifyAuthChallengeResponse', {
    source: 'VerifyAuthChallengeResponse_Authentication',
    user: attempt.user,
    client: attempt.client,
    request: {
      privateChallengeParameters: pending.privateParameters,
      challengeAnswer,
      ...whether(pool, attempt),
    },
    response: { answerCorrect: false },
  })
  if (!verdict) throw invalidParameter('Custom auth lambda trigger is not configured for the user pool.')
  attempt.results.push({
    challengeName: pending.challengeName,
    challengeResult: verdict.answerCorrect === true,
    ...(pending.metadata === undefined ? {} : { challengeMetadata: pending.metadata }),
  })
  return nextCustomStep(pool, attempt, undefined)
}

/** What the triggers are told beside the session. */
function whether(pool: UserPool, attempt: Attempt): object {
  return { ...withMetadata(attempt), ...(exists(pool, attempt.user) ? {} : { userNotFound: true }) }
}

function unrecognizable(): ServiceError {
  return new ServiceError('InvalidLambdaResponseException', 'Unrecognizable lambda output')
}
