import type { Client } from '../user-pool/client.ts'
import { checkPassword } from '../user-pool/password.ts'
import { refusalMessages } from '../user-pool/refresh-tokens.ts'
import { randomToken } from '../lib/secrets.ts'
import { ServiceError } from '../server/service-error.ts'
import type { User } from '../user-pool/user.ts'
import { challengeLifetimeSeconds, type UserPool } from '../user-pool/user-pool.ts'
import { authenticationResult, signedIn } from './authentication-result.ts'
import { checkSecretHash, clientOf } from './client-checks.ts'
import { parameter, readStrings, stringMap, usernameParameter, type Input } from './input.ts'

type Parameters = ReadonlyMap<string, string>
type Flow = (pool: UserPool, client: Client, parameters: Parameters) => object

/** Flow → what the client must be allowed, and who serves it. The flows of administrators are not among them. */
const flows = new Map<string, { needs: string; serve?: Flow }>([
  ['USER_PASSWORD_AUTH', { needs: 'ALLOW_USER_PASSWORD_AUTH', serve: passwordFlow }],
  ['REFRESH_TOKEN_AUTH', { needs: 'ALLOW_REFRESH_TOKEN_AUTH', serve: refreshFlow }],
  ['REFRESH_TOKEN', { needs: 'ALLOW_REFRESH_TOKEN_AUTH', serve: refreshFlow }],
  ['USER_SRP_AUTH', { needs: 'ALLOW_USER_SRP_AUTH' }],
  ['CUSTOM_AUTH', { needs: 'ALLOW_CUSTOM_AUTH' }],
  ['USER_AUTH', { needs: 'ALLOW_USER_AUTH' }],
])

/** InitiateAuth: `USER_PASSWORD_AUTH` and the refresh flows. */
export function initiateAuth(pool: UserPool, input: Input): object {
  const { AuthFlow, ClientId } = readStrings(input, ['AuthFlow', 'ClientId'], ['Session'])
  const flow = flows.get(AuthFlow)
  const client = clientOf(pool, ClientId)
  if (!flow) throw new ServiceError('InvalidParameterException', 'Initiate Auth method not supported')
  if (!client.explicitAuthFlows.includes(flow.needs)) {
    throw new ServiceError('InvalidParameterException', `${AuthFlow} flow not enabled for this client`)
  }
  if (!flow.serve) {
    throw new ServiceError('InvalidParameterException', `${AuthFlow} is not served by this local Cognito`)
  }
  return flow.serve(pool, client, stringMap(input, 'AuthParameters'))
}

function passwordFlow(pool: UserPool, client: Client, parameters: Parameters): object {
  const username = usernameParameter(parameters)
  const password = parameter(parameters, 'PASSWORD')
  checkSecretHash(client, [username], parameters.get('SECRET_HASH'))
  const checked = checkPassword(pool, username, password)
  if ('refused' in checked) throw new ServiceError('NotAuthorizedException', checked.refused)
  const { user } = checked
  return user.status === 'CONFIRMED' ? signedIn(pool, user, client) : newPasswordRequired(pool, user, client)
}

function newPasswordRequired(pool: UserPool, user: User, client: Client): object {
  // Starts as Cognito's own do, so that nobody mistakes it for a JWT.
  const session = `AYABe${randomToken(192)}`
  pool.pendingSignIns.set(session, { user, client }, challengeLifetimeSeconds)
  const attributes = Object.fromEntries([...user.attributes].filter(([name]) => name !== 'sub'))
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: '[]',
      userAttributes: JSON.stringify(attributes),
    },
    Session: session,
  }
}

function refreshFlow(pool: UserPool, client: Client, parameters: Parameters): object {
  const used = pool.refreshTokens.use(parameter(parameters, 'REFRESH_TOKEN'), client)
  if (typeof used === 'string') throw new ServiceError('NotAuthorizedException', refusalMessages[used])
  const { user } = used.signIn
  checkSecretHash(client, [user.username, user.sub], parameters.get('SECRET_HASH'))
  return authenticationResult(pool, used.signIn)
}
