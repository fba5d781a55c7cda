import { createHmac } from 'node:crypto'
import type * as Sdk from '@aws-sdk/client-cognito-identity-provider'
import {
  type CognitoError,
  ConfigurationError,
  ForbiddenError,
  SessionEndedError,
  SignInError,
  type SignInErrorReason,
  UnavailableError,
} from '../errors.ts'
import { signInReasons } from '../errors/sign-in-reasons.ts'
import { summarise } from '../lib/cause.ts'
import { readable } from '../lib/readable.ts'
import { within } from '../lib/within.ts'
import type { UserPoolConfiguration } from './options.ts'

/** The SDK is loaded, and its client made, at the first direct sign-in: who uses the managed login does not pay for it. */
const loadSdk = (): Promise<typeof Sdk> => import('@aws-sdk/client-cognito-identity-provider')

/** The user pool's JSON API, one call at a time and within the pool's time limit. */
export class CognitoIdp {
  readonly #pool: UserPoolConfiguration
  #client: Promise<Sdk.CognitoIdentityProviderClient> | undefined

  constructor(pool: UserPoolConfiguration) {
    this.#pool = pool
  }

  /**
   * One call, never repeated: a password or a code that is sent twice counts twice. Throws {@link SignInError},
   * {@link ConfigurationError} where the app client is not set up for it, and {@link UnavailableError}.
   */
  async call<Output>(command: (sdk: typeof Sdk) => object): Promise<Output> {
    const { timeoutMs } = this.#pool
    try {
      const sdk = await loadSdk()
      const client = await (this.#client ??= this.#connect(sdk))
      const abortSignal = AbortSignal.timeout(timeoutMs)
      return (await within(client.send(command(sdk) as never, { abortSignal }), timeoutMs)) as Output
    } catch (error) {
      throw explain(error)
    }
  }

  /** `SECRET_HASH` for a name, for app clients that have a secret: the proof of it that this API wants. */
  secretHash(username: string): string | undefined {
    const { clientId, clientSecret } = this.#pool
    return (
      clientSecret &&
      createHmac('sha256', clientSecret)
        .update(username + clientId)
        .digest('base64')
    )
  }

  async #connect({ CognitoIdentityProviderClient }: typeof Sdk): Promise<Sdk.CognitoIdentityProviderClient> {
    const { client, region, endpoint } = this.#pool
    return client ?? new CognitoIdentityProviderClient({ region, endpoint, maxAttempts: 1 })
  }
}

/** The set-up is wrong, whoever signs in: the developer acts. */
const misconfigured = new Set([
  'InvalidUserPoolConfigurationException',
  'UnsupportedOperationException',
  'FeatureUnavailableInTierException',
  'OperationNotEnabledException',
  'UserPoolAddOnNotEnabledException',
  'InvalidSmsRoleAccessPolicyException',
  'InvalidSmsRoleTrustRelationshipException',
  'InvalidEmailRoleAccessPolicyException',
  'UnauthorizedException',
  'WebAuthnNotEnabledException',
  'WebAuthnConfigurationMissingException',
])
/** Exceptions that the set-up or the person may be to blame for: only their words tell. */
const mayMeanTheSetUp = new Set([
  'InvalidParameterException',
  'NotAuthorizedException',
  'ResourceNotFoundException',
])
const misconfiguredMessage =
  /flow not enabled for this client|not supported|secret hash|SECRET_HASH|configured (?:with|for) secret|client .*does not exist|client ID does not exist|pool .*does not exist/i

/** What the API threw, as an error of ours. Cognito's own words are for the developer. */
export function explain(error: unknown): Error {
  const { name, message } = error as Error
  const cause = summarise(error)
  const words = readable(message)
  if (misconfigured.has(name) || (mayMeanTheSetUp.has(name) && misconfiguredMessage.test(message))) {
    return new ConfigurationError(`Cognito is not set up for this: ${name}: ${words}`)
  }
  const special = name === 'NotAuthorizedException' && notAuthorized(message, words, cause)
  if (special) return special
  if (hasReason(name)) return new SignInError(name, words, cause)
  // Faults, time limits, answers that make no sense, and what the pool's own triggers broke.
  return new UnavailableError('The user pool could not be reached.', cause)
}

/** Cognito has one exception for a wrong password and for much that has nothing to do with passwords: its words tell. */
function notAuthorized(message: string, words: string, cause: unknown): CognitoError | undefined {
  if (/attempts exceeded/i.test(message)) {
    return new SignInError('password_attempts_exceeded', words, cause)
  }
  if (/^invalid session/i.test(message)) return new SignInError('challenge_expired', words, cause)
  if (/required scopes/i.test(message)) {
    return new ForbiddenError(words, { scope: ['aws.cognito.signin.user.admin'] })
  }
  return /access token/i.test(message) ? new SessionEndedError(words, cause) : undefined
}

function hasReason(name: string): name is SignInErrorReason {
  return name.endsWith('Exception') && Object.hasOwn(signInReasons, name)
}
