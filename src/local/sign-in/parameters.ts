import { ServiceError } from '../server/service-error.ts'
import { validationError, violationsOf } from '../server/constraints.ts'
import type { Parameters } from './request.ts'

/** A required entry of `AuthParameters` or `ChallengeResponses`. */
export function parameter(parameters: Parameters, name: string): string {
  const value = parameters.get(name)
  if (value === undefined)
    throw new ServiceError('InvalidParameterException', `Missing required parameter ${name}`)
  return value
}

/** `USERNAME`, which is restricted like the member `Username` of other operations. */
export function usernameParameter(parameters: Parameters): string {
  const username = parameter(parameters, 'USERNAME')
  const problems = violationsOf('Username', username, true)
  if (problems.length > 0) throw validationError('InvalidParameterException', problems)
  return username
}
