import { ServiceError } from '../server/service-error.ts'
import { isAttributeName, missingAttributes, valueProblem, type Schema } from '../user-pool/attributes.ts'
import { brokenPasswordRule, isFormerPassword, setPassword } from '../user-pool/password.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { answering, type AnswerRequest } from './answer.ts'
import { afterFirstFactor } from './next-question.ts'
import { parameter } from './parameters.ts'
import { invalidParameter, notAuthorized } from './refusal.ts'
import type { Parameters } from './request.ts'

const attributePrefix = 'userAttributes.'

/** `NEW_PASSWORD_REQUIRED`: a permanent password for a temporary one, and the attributes that are still missing. */
export async function answerNewPassword(pool: UserPool, request: AnswerRequest): Promise<object> {
  const { responses } = request
  const password = parameter(responses, 'NEW_PASSWORD')
  const { attempt, close } = answering(pool, request, 'NEW_PASSWORD_REQUIRED')
  const { user } = attempt
  // Another session, or the login page, may have set the password in the meantime.
  if (user.status !== 'FORCE_CHANGE_PASSWORD') throw notAuthorized('Invalid session for the user.')
  checkNewPassword(pool, user, password)
  const attributes = newAttributes(pool, user, responses)
  const [missing] = missingAttributes(pool.settings.schema, new Map([...user.attributes, ...attributes]))
  if (missing !== undefined) throw invalidParameter(`Invalid attributes given, ${missing} is missing`)
  // Only now: a password that breaks the policy may be corrected within the same session.
  close()
  setPassword(pool, user, password)
  for (const [name, value] of attributes) user.attributes.set(name, value)
  return afterFirstFactor(pool, attempt, 'TokenGeneration_NewPasswordChallenge')
}

/** Throws when a password breaks the pool's policy or was used before. */
export function checkNewPassword(pool: UserPool, user: User, password: string): void {
  checkPasswordRules(pool, password)
  if (pool.settings.passwordPolicy.passwordHistorySize > 0 && isFormerPassword(user, password)) {
    throw new ServiceError('PasswordHistoryPolicyViolationException', 'Password has previously been used.')
  }
}

/** Throws when a password breaks the pool's policy, whoever it is for. */
export function checkPasswordRules(pool: UserPool, password: string): void {
  const broken = brokenPasswordRule(pool.settings.passwordPolicy, password)
  if (broken !== undefined) throw new ServiceError('InvalidPasswordException', broken)
}

function newAttributes(pool: UserPool, user: User, responses: Parameters): [string, string][] {
  const given = [...responses]
    .filter(([name]) => name.startsWith(attributePrefix))
    .map(([name, value]): [string, string] => [name.slice(attributePrefix.length), value])
  for (const [name, value] of given) {
    const problem = attributeProblem(pool.settings.schema, name, value)
    if (problem !== undefined) throw invalidParameter(problem)
    if ((user.attributes.get(name) ?? value) !== value) {
      throw notAuthorized(`Cannot modify an already provided ${name}`)
    }
  }
  return given
}

/** Why a user may not set this attribute to this value, in Cognito's words. */
export function attributeProblem(schema: Schema, name: string, value: string): string | undefined {
  if (name === 'sub' || name.endsWith('_verified')) return `Cannot set the attribute ${name.slice(0, 64)}`
  const prefix = `Attributes did not conform to the schema: ${name.slice(0, 64)}`
  if (!isAttributeName(name, schema)) return `${prefix}: Attribute does not exist in schema.`
  const problem = valueProblem(schema, name, value)
  return problem && `${prefix}: ${problem}`
}
