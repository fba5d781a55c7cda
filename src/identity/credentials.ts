import { redacted } from '../lib/redacted.ts'

/**
 * AWS credentials of one identity: what every AWS SDK client takes (`AwsCredentialIdentity`), plus the identity
 * they belong to. Frozen. Logged or turned into JSON they show `[redacted]`.
 */
export interface CognitoIdentityCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
  readonly identityId: string
}

/**
 * Identity providers and their tokens, as the API takes them: `{ 'cognito-idp.REGION.amazonaws.com/POOL':
 * idToken }`.
 */
export type Logins = Readonly<Record<string, string>>

/**
 * Whom credentials belong to, taken from verified claims. `role` stands for everything in the token that
 * chooses the role and its session tags.
 */
export interface CredentialsOwner {
  issuer: string
  clientId: string
  subject: string
  role: string
}

/** A copy for one caller: what they do to it, the Date included, nobody else sees. */
export function handOut(credentials: CognitoIdentityCredentials): CognitoIdentityCredentials {
  const copy = { ...credentials, expiration: new Date(credentials.expiration) }
  // The SDK writes this mark into a credentials object that has none, which a frozen object would answer with a
  // TypeError.
  Object.defineProperty(copy, '$source', { value: Object.freeze({ CREDENTIALS_CODE: 'e' }) })
  return Object.freeze(redacted(copy, { json: true }))
}
