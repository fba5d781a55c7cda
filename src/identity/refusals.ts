import { CognitoError, CredentialsError, UnavailableError } from '../errors.ts'
import { summarise } from '../lib/cause.ts'
import { readable } from '../lib/readable.ts'

const refusesTheUser = new Set([
  'NotAuthorizedException',
  'ResourceConflictException',
  'DeveloperUserAlreadyRegisteredException',
  'InvalidIdentityToken',
  'InvalidIdentityTokenException',
  'IDPRejectedClaim',
  'IDPRejectedClaimException',
])
const misconfigured = new Set([
  'ResourceNotFoundException',
  'InvalidIdentityPoolConfigurationException',
  'InvalidParameterException',
  'ValidationException',
  'ValidationError',
  'LimitExceededException',
  'AccessDenied',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'CredentialsProviderError',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'ExpiredToken',
  'ExpiredTokenException',
  'MalformedPolicyDocument',
  'MalformedPolicyDocumentException',
  'PackedPolicyTooLarge',
  'PackedPolicyTooLargeException',
  'RegionDisabledException',
])

/** What to do about refusals that people meet, told by the service's words. */
const advice: readonly [words: RegExp, advice: string][] = [
  [
    /Basic \(classic\) flow/,
    'openIdToken() and classicCredentials() need "AllowClassicFlow" on the identity pool, and role mappings do not go with it; credentials() uses the enhanced flow, which every pool allows.',
  ],
  [
    /not from a supported provider/,
    'Add the user pool and this app client (or the provider) to the identity pool.',
  ],
  [/Unauthenticated access is not supported/, 'Set "AllowUnauthenticatedIdentities" on the identity pool.'],
  [
    /Check assigned IAM roles/,
    'The identity pool needs a role for these users, whose trust policy allows sts:AssumeRoleWithWebIdentity (and sts:TagSession with principal tags) to cognito-identity.amazonaws.com for this pool.',
  ],
  [
    /Not authorized to perform sts:AssumeRoleWithWebIdentity/,
    'The trust policy of the role must name this identity pool ("aud") and "authenticated" or "unauthenticated" ("amr").',
  ],
  [
    /Could not load credentials|Credential is missing/,
    'The server has no AWS credentials of its own, with which calls about developer identities are signed: set "serverCredentials" or the environment.',
  ],
]

/**
 * Turns what the identity pool's API or STS threw into our errors: the user is refused (403), the pool is
 * misconfigured (500), or nothing can be said now (503): throttling, faults, time limits, answers that make no
 * sense. The service's own message is for the developer.
 */
export function explain(
  error: unknown,
  {
    namesIdentity = false,
    checksToken = false,
    waitSeconds = 0,
  }: {
    namesIdentity?: boolean
    checksToken?: boolean
    waitSeconds?: number
  } = {},
): never {
  if (error instanceof CognitoError) throw error
  const { name, message } = error as Error
  const cause = summarise(error)
  // Of STS it is the user's token that has expired; elsewhere the keys of the server, which sign the call.
  if (refusesTheUser.has(name) || (checksToken && name === 'ExpiredTokenException')) {
    throw new CredentialsError('refused', `The identity pool refuses this user: ${words(message)}`, cause)
  }
  if (namesIdentity && name === 'ResourceNotFoundException') {
    throw new CredentialsError('identity_not_found', `The identity is gone: ${words(message)}`, cause)
  }
  if (misconfigured.has(name)) {
    const what = `The identity pool cannot give credentials: ${name}: ${words(message)}`
    throw new CredentialsError('misconfigured', what, cause)
  }
  throw new UnavailableError('The identity pool could not be reached.', cause, {
    retryAfterSeconds: Math.max(5, waitSeconds),
  })
}

/** An answer that cannot be used: a fault of the service, like none at all. */
export function unusable(operation: string): never {
  throw new UnavailableError(
    `The answer to ${operation} could not be used.`,
    new TypeError(`${operation} answered with incomplete or expired values`),
  )
}

function words(message: string): string {
  const what = readable(message)
  const found = advice.find(([pattern]) => pattern.test(what))
  return found ? `${what} ${found[1]}` : what
}
