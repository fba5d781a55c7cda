import { CredentialsError, UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'

const refusesTheUser = new Set(['NotAuthorizedException', 'ResourceConflictException'])
const misconfigured = new Set([
  'ResourceNotFoundException',
  'InvalidIdentityPoolConfigurationException',
  'InvalidParameterException',
  'ValidationException',
  'LimitExceededException',
])

/**
 * Turns what the identity pool's API threw into our errors: the user is refused (403), the pool is
 * misconfigured (500), or nothing can be said now (503): throttling, faults, time limits, answers that make no
 * sense. Cognito's own message is for the developer and quotes no token.
 */
export function explain(error: unknown): never {
  const { name, message } = error as Error
  if (refusesTheUser.has(name)) {
    throw new CredentialsError('refused', `The identity pool refuses this user: ${message}`, summarise(error))
  }
  if (misconfigured.has(name)) {
    throw new CredentialsError(
      'misconfigured',
      `The identity pool cannot give credentials: ${name}: ${message}`,
      summarise(error),
    )
  }
  throw new UnavailableError('The identity pool could not be reached.', summarise(error))
}
