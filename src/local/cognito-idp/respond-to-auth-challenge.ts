import { optional } from '../server/members.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { answers } from '../sign-in/answers.ts'
import { clientOf } from '../sign-in/client-checks.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'
import { checkPoolId } from './pool-id.ts'

/** RespondToAuthChallenge: the answer to a question that a sign-in asked. */
export async function respondToAuthChallenge(pool: UserPool, input: Input): Promise<object> {
  const { ChallengeName, ClientId, Session } = readInput(input, {
    ChallengeName: model.challengeName,
    ClientId: model.clientId,
    Session: optional(model.session),
  })
  return respond(pool, input, ChallengeName, ClientId, Session)
}

/** AdminRespondToAuthChallenge: the same for a server. */
export async function adminRespondToAuthChallenge(pool: UserPool, input: Input): Promise<object> {
  const { ChallengeName, ClientId, UserPoolId, Session } = readInput(input, {
    UserPoolId: model.userPoolId,
    ClientId: model.clientId,
    ChallengeName: model.challengeName,
    Session: optional(model.session),
  })
  checkPoolId(pool, UserPoolId)
  return respond(pool, input, ChallengeName, ClientId, Session)
}

async function respond(
  pool: UserPool,
  input: Input,
  challengeName: string,
  clientId: string,
  session: string | undefined,
): Promise<object> {
  const client = clientOf(pool, clientId)
  const answer = answers.get(challengeName)
  if (!answer) throw invalidParameter(`${challengeName} is not served by this local Cognito`)
  const { ChallengeResponses: responses = new Map(), ClientMetadata: clientMetadata } = readInput(input, {
    ChallengeResponses: model.parameters,
    ClientMetadata: model.signInMetadata,
  })
  return answer(pool, { client, responses, session, clientMetadata })
}
