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
/** AWS' mark for where credentials came from, which the SDK writes into an object that has none. */
const source = Object.freeze({ CREDENTIALS_CODE: 'e' })

/** A Date that nobody can set: one object serves all who are given the credentials. */
class FixedDate extends Date {}
for (const name of Object.getOwnPropertyNames(Date.prototype).filter((one) => one.startsWith('set'))) {
  Object.defineProperty(FixedDate.prototype, name, {
    value: () => {
      throw new TypeError('The expiration of credentials cannot be changed.')
    },
  })
}

/** One object for all who may have them: frozen, and what is not data is on the prototype, since there are thousands. */
class Credentials implements CognitoIdentityCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
  readonly identityId: string

  constructor(
    issued: Record<'AccessKeyId' | 'SecretKey' | 'SessionToken', string>,
    expiresAt: number,
    identityId: string,
  ) {
    this.accessKeyId = issued.AccessKeyId
    this.secretAccessKey = issued.SecretKey
    this.sessionToken = issued.SessionToken
    this.expiration = Object.freeze(new FixedDate(expiresAt))
    this.identityId = identityId
    Object.freeze(this)
  }
}
Object.defineProperty(redacted(Credentials.prototype, { json: true }), '$source', { value: source })

/**
 * Credentials that everybody who may have them can share. `undefined` for an answer that is incomplete, has expired, or
 * lives longer than any credentials of AWS.
 */
export function toCredentials(
  issued: IssuedCredentials,
  identityId: string | undefined,
): CognitoIdentityCredentials | undefined {
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = issued
  const expiresAt = Expiration instanceof Date ? Expiration.getTime() : Number.NaN
  const left = expiresAt - Date.now()
  if (!isText(AccessKeyId) || !isText(SecretKey) || !isText(SessionToken) || !isText(identityId))
    return undefined
  if (!(left > 0 && left <= LONGEST_MS)) return undefined
  return new Credentials({ AccessKeyId, SecretKey, SessionToken }, expiresAt, identityId)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
