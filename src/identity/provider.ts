import type { AwsClients } from './aws-clients.ts'
import type { CognitoIdentityCredentials } from './credentials.ts'

/** Where the SDK clients of a provider are kept; not for users. */
export const clientsOf = Symbol('clients')

/**
 * One user's AWS credentials as the AWS SDK takes them: `new S3Client({ credentials })`. Nothing is fetched before the
 * first call, and each call gives credentials that are still good. Rejects with CredentialsError, UnavailableError, or
 * SessionEndedError after sign-out.
 */
export interface CredentialsProvider {
  (): Promise<CognitoIdentityCredentials>
  /** The user's identity in the pool, without fetching credentials. */
  identityId(): Promise<string>
  /**
   * The same user in another of their roles (`cognito:roles` in the ID token), which the app's own code names: never pass
   * on what came with a request. Rejects with CredentialsError for any other role, and nothing is sent.
   */
  withRole(customRoleArn: string): CredentialsProvider
  /** @internal */
  readonly [clientsOf]?: AwsClients | undefined
}

/** What a provider is made of. */
export interface ProviderParts {
  credentials: (customRoleArn: string | undefined) => Promise<CognitoIdentityCredentials>
  identityId: () => Promise<string>
  clients: AwsClients | undefined
}

/** Makes a provider of its parts; `customRoleArn` is the role in place of the pool's choice. */
export function toProvider(parts: ProviderParts, customRoleArn?: string): CredentialsProvider {
  const provider = Object.assign(() => parts.credentials(customRoleArn), {
    identityId: () => parts.identityId(),
    withRole: (roleArn: string) => toProvider(parts, roleArn),
  })
  return Object.defineProperty(provider, clientsOf, { value: parts.clients })
}
