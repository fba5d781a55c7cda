/**
 * AWS credentials of one identity: what every AWS SDK client takes (`AwsCredentialIdentity`), plus the identity they belong to.
 * Frozen; inspected, the secrets show `[redacted]`.
 */
export interface CognitoIdentityCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
  readonly identityId: string
}

/** Identity providers and their tokens, as the API takes them: `{ 'cognito-idp.REGION.amazonaws.com/POOL': idToken }`. */
export type Logins = Readonly<Record<string, string>>

/**
 * Whom credentials belong to, taken from verified claims. `role` stands for everything in the token that chooses the role and its session tags.
 */
export interface CredentialsOwner {
  issuer: string
  clientId: string
  subject: string
  role: string
}
