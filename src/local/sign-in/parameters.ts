import { ServiceError } from '../server/service-error.ts'
import { readInput } from '../cognito-idp/input.ts'
import * as model from '../cognito-idp/model.ts'
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
  const Username = parameter(parameters, 'USERNAME')
  return readInput({ Username }, { Username: model.username }).Username
}
