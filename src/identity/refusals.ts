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
 * sense. Cognito's own message is for the developer.
 */
export function explain(error: unknown): never {
  const { name, message } = error as Error
  if (refusesTheUser.has(name)) {
    throw new CredentialsError(
      'refused',
      `The identity pool refuses this user: ${readable(message)}`,
      summarise(error),
    )
  }
  if (misconfigured.has(name)) {
    throw new CredentialsError(
      'misconfigured',
      `The identity pool cannot give credentials: ${name}: ${readable(message)}`,
      summarise(error),
    )
  }
  throw new UnavailableError('The identity pool could not be reached.', summarise(error))
}

/**
 * The service's words without what they quote: a validation error repeats the refused value, which may be a
 * token. On one line.
 */
function readable(message: string): string {
  return message
    .replace(/Value '.*' at '/gs, "Value '[redacted]' at '")
    .replace(/eyJ[\w-]+(\.[\w-]*)*/g, '[redacted]')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}
