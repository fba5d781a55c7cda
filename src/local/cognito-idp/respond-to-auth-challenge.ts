import type { UserPool } from '../user-pool/user-pool.ts'
import { answers } from '../sign-in/answers.ts'
import { clientOf } from '../sign-in/client-checks.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import { clientMetadata, readStrings, stringMap, type Input } from './input.ts'
import { checkPoolId } from './pool-id.ts'

/** RespondToAuthChallenge: the answer to a question that a sign-in asked. */
export async function respondToAuthChallenge(pool: UserPool, input: Input): Promise<object> {
  const { ChallengeName, ClientId, Session } = readStrings(input, ['ChallengeName', 'ClientId'], ['Session'])
  return respond(pool, input, ChallengeName, ClientId, Session)
}

/** AdminRespondToAuthChallenge: the same for a server. */
export async function adminRespondToAuthChallenge(pool: UserPool, input: Input): Promise<object> {
  const { ChallengeName, ClientId, UserPoolId, Session } = readStrings(
    input,
    ['UserPoolId', 'ClientId', 'ChallengeName'],
    ['Session'],
  )
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
  const responses = stringMap(input, 'ChallengeResponses')
  return answer(pool, { client, responses, session, clientMetadata: clientMetadata(input) })
}
