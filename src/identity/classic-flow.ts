import { ConfigurationError } from '../errors.ts'
import { assertKnownOptions, optionalNumber, optionalText } from '../lib/assert.ts'
import { redacted } from '../lib/redacted.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import { type CognitoIdentityCredentials, toCredentials } from './credentials.ts'
import { requireIdentityId } from './enhanced-flow.ts'
import type { Tokens } from './logins.ts'
import { isRoleArn } from './options.ts'
import { unusable } from './refusals.ts'
import type { Service } from './service.ts'

/**
 * An OpenID Connect token that the identity pool itself issued: STS takes it, and anybody can verify it. Logged or turned
 * into JSON it does not show.
 */
export interface IdentityToken {
  readonly identityId: string
  /** A JWT (RS512). `sub` is the identity, `aud` the identity pool. */
  readonly token: string
  readonly expiration: Date
}

/** What the classic flow leaves to the app. */
export interface ClassicCredentialsOptions {
  /** The role to assume; its trust policy must allow the identity pool. Never take it from a request. */
  roleArn: string
  /** 900 to 43,200 and at most what the role allows. Default 3,600. */
  durationSeconds?: number | undefined
  /** A session policy (JSON), which can only take rights away. */
  policy?: string | undefined
  /** Default: the GUID of the identity, so that CloudTrail says who it was. */
  sessionName?: string | undefined
}

/**
 * GetOpenIdToken: ten minutes of an OpenID Connect token for an identity. Throws CredentialsError (`misconfigured` where
 * the pool does not allow the classic flow) or UnavailableError.
 */
export async function getOpenIdToken(
  service: Service,
  identityId: string,
  logins: Tokens | undefined,
): Promise<IdentityToken> {
  const answer = await service.identity<{ IdentityId?: string; Token?: string }>(
    ({ GetOpenIdTokenCommand }) =>
      new GetOpenIdTokenCommand({ IdentityId: identityId, ...(logins && { Logins: { ...logins } }) }),
    { namesIdentity: true },
  )
  return toIdentityToken('GetOpenIdToken', answer.IdentityId ?? identityId, answer.Token)
}

/** The answer of an operation that gives such a token. */
export function toIdentityToken(operation: string, identityId: unknown, token: unknown): IdentityToken {
  if (typeof token !== 'string' || token === '') return unusable(operation)
  const { exp } = unverifiedPayload(token)
  const expiration = new Date(typeof exp === 'number' ? exp * 1_000 : Number.NaN)
  if (!(expiration.getTime() > Date.now())) return unusable(operation)
  const identity = { identityId: requireIdentityId(operation, identityId), token, expiration }
  return Object.freeze(redacted(identity, { json: true }))
}

/** STS AssumeRoleWithWebIdentity, unsigned. Throws CredentialsError or UnavailableError. */
export async function assumeRole(
  service: Service,
  { identityId, token }: IdentityToken,
  { roleArn, durationSeconds, policy, sessionName }: ClassicCredentialsOptions,
): Promise<CognitoIdentityCredentials> {
  const { Credentials } = await service.sts<{ Credentials?: StsCredentials }>(
    ({ AssumeRoleWithWebIdentityCommand }) =>
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName ?? identityId.slice(identityId.indexOf(':') + 1),
        WebIdentityToken: token,
        ...(durationSeconds !== undefined && { DurationSeconds: durationSeconds }),
        ...(policy !== undefined && { Policy: policy }),
      }),
  )
  const { SecretAccessKey: SecretKey, ...rest } = Credentials ?? {}
  return toCredentials({ SecretKey, ...rest }, identityId) ?? unusable('AssumeRoleWithWebIdentity')
}

interface StsCredentials {
  AccessKeyId?: string
  SecretAccessKey?: string
  SessionToken?: string
  Expiration?: Date
}

/** Throws {@link ConfigurationError} for a wrong, missing or unknown option. */
export function assertClassicOptions(options: ClassicCredentialsOptions): void {
  const owner = 'classicCredentials'
  assertKnownOptions(owner, options, ['roleArn', 'durationSeconds', 'policy', 'sessionName'])
  if (!isRoleArn(options.roleArn))
    throw new ConfigurationError(
      `${owner} needs "roleArn", the ARN of a role, for example "arn:aws:iam::111122223333:role/guest".`,
    )
  optionalNumber(owner, 'durationSeconds', options.durationSeconds, {
    min: 900,
    max: 43_200,
    fallback: 3_600,
  })
  optionalText(owner, 'policy', options.policy, 'a policy document in JSON')
  const { sessionName } = options
  if (sessionName !== undefined && !/^[\w+=,.@-]{2,64}$/.test(sessionName))
    throw new ConfigurationError(`${owner}: "sessionName" must be 2 to 64 letters, digits or +=,.@-.`)
}
