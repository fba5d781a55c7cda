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

/** As the identity pool or STS answers. */
export interface IssuedCredentials {
  AccessKeyId?: string | undefined
  SecretKey?: string | undefined
  SessionToken?: string | undefined
  Expiration?: Date | undefined
}

/** No role of AWS lasts longer; what says so is garbage. */
const LONGEST_MS = 13 * 3_600_000
/** Names of AWS' mark for where credentials came from, which the SDK writes into an object that has none. */
const source = Object.freeze({ CREDENTIALS_CODE: 'e' })

/**
 * Credentials that everybody who may have them can share: frozen, and `expiration` is a new Date each time it is read.
 * `undefined` for an answer that is incomplete, has expired, or lives longer than any credentials of AWS.
 */
export function toCredentials(
  { AccessKeyId, SecretKey, SessionToken, Expiration }: IssuedCredentials,
  identityId: string | undefined,
): CognitoIdentityCredentials | undefined {
  const expiresAt = Expiration instanceof Date ? Expiration.getTime() : Number.NaN
  const left = expiresAt - Date.now()
  if (![AccessKeyId, SecretKey, SessionToken, identityId].every(isText)) return undefined
  if (!(left > 0 && left <= LONGEST_MS)) return undefined
  const credentials = {
    accessKeyId: AccessKeyId as string,
    secretAccessKey: SecretKey as string,
    sessionToken: SessionToken as string,
    get expiration() {
      return new Date(expiresAt)
    },
    identityId: identityId as string,
  }
  Object.defineProperty(credentials, '$source', { value: source })
  return Object.freeze(redacted(credentials, { json: true }))
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
