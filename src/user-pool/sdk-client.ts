import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { ConfigurationError } from '../errors.ts'

/** The app's own client of the AWS SDK, or `undefined` when absent. Told by its method, since there may be several copies of the SDK. */
export function optionalClient(owner: string, client: unknown): CognitoIdentityProviderClient | undefined {
  if (client === undefined) return undefined
  const { send } = (client ?? {}) as { send?: unknown }
  if (typeof send === 'function') return client as CognitoIdentityProviderClient
  throw new ConfigurationError(
    `${owner}: "client" must be a CognitoIdentityProviderClient of @aws-sdk/client-cognito-identity-provider.`,
  )
}
