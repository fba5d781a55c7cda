import { isAttributeName, valueProblem, type Schema } from '../user-pool/attributes.ts'
import { brokenPasswordRule, setPassword } from '../user-pool/password.ts'
import { ServiceError } from '../server/service-error.ts'
import type { User } from '../user-pool/user.ts'
import type { PendingSignIn, UserPool } from '../user-pool/user-pool.ts'
import { signedIn } from './authentication-result.ts'
import { checkSecretHash, clientOf } from './client-checks.ts'
import { parameter, readStrings, stringMap, usernameParameter, type Input } from './input.ts'

const attributePrefix = 'userAttributes.'

/** RespondToAuthChallenge: `NEW_PASSWORD_REQUIRED`. */
export function respondToAuthChallenge(pool: UserPool, input: Input): object {
  const {
    ChallengeName,
    ClientId,
    Session: session,
  } = readStrings(input, ['ChallengeName', 'ClientId'], ['Session'])
  const client = clientOf(pool, ClientId)
  if (ChallengeName !== 'NEW_PASSWORD_REQUIRED') {
    throw new ServiceError(
      'InvalidParameterException',
      `${ChallengeName} is not served by this local Cognito`,
    )
  }
  const responses = stringMap(input, 'ChallengeResponses')
  const username = usernameParameter(responses)
  const password = parameter(responses, 'NEW_PASSWORD')
  if (session === undefined) {
    throw new ServiceError('InvalidParameterException', 'Missing required parameter Session')
  }
  checkSecretHash(client, [username], responses.get('SECRET_HASH'))
  const { user } = pendingSignIn(pool, session, { username, clientId: ClientId })
  const broken = brokenPasswordRule(pool.settings.passwordPolicy, password)
  if (broken !== undefined) throw new ServiceError('InvalidPasswordException', broken)
  const attributes = newAttributes(pool, user, responses)
  // Only now: a password that breaks the policy may be corrected within the same session.
  pool.pendingSignIns.delete(session)
  setPassword(pool, user, password)
  for (const [name, value] of attributes) user.attributes.set(name, value)
  return signedIn(pool, user, client)
}

function pendingSignIn(
  pool: UserPool,
  session: string,
  caller: { username: string; clientId: string },
): PendingSignIn {
  const pending = pool.pendingSignIns.get(session)
  const own =
    pending?.client.clientId === caller.clientId &&
    (pending.user.username === caller.username || pending.user.sub === caller.username)
  // Another session, or the login page, may have set the password in the meantime.
  const waiting = pending?.user.status === 'FORCE_CHANGE_PASSWORD'
  if (!pending || !own || !waiting)
    throw new ServiceError('NotAuthorizedException', 'Invalid session for the user.')
  if (!pending.user.enabled) throw new ServiceError('NotAuthorizedException', 'User is disabled.')
  return pending
}

function newAttributes(
  pool: UserPool,
  user: User,
  responses: ReadonlyMap<string, string>,
): [string, string][] {
  const given = [...responses]
    .filter(([name]) => name.startsWith(attributePrefix))
    .map(([name, value]): [string, string] => [name.slice(attributePrefix.length), value])
  for (const [name, value] of given) {
    const problem = attributeProblem(pool.settings.schema, name, value)
    if (problem !== undefined) throw new ServiceError('InvalidParameterException', problem)
    if ((user.attributes.get(name) ?? value) !== value) {
      throw new ServiceError('NotAuthorizedException', `Cannot modify an already provided ${name}`)
    }
  }
  return given
}

function attributeProblem(schema: Schema, name: string, value: string): string | undefined {
  if (name === 'sub' || name.endsWith('_verified')) return `Cannot set the attribute ${name.slice(0, 64)}`
  const prefix = `Attributes did not conform to the schema: ${name.slice(0, 64)}`
  if (!isAttributeName(name, schema)) return `${prefix}: Attribute does not exist in schema.`
  const problem = valueProblem(schema, name, value)
  return problem && `${prefix}: ${problem}`
}
