import { ServiceError } from '../server/service-error.ts'

/** `NotAuthorizedException`, the usual refusal of a sign-in. */
export function notAuthorized(message: string): ServiceError {
  return new ServiceError('NotAuthorizedException', message)
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message)
}

export const wrongPassword = 'Incorrect username or password.'
