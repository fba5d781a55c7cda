import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import { redacted } from '../lib/redacted.ts'
import type { CognitoIdentityCredentials, Logins } from './credentials.ts'
import { explain } from './refusals.ts'

/** What the enhanced flow needs of the identity pool. */
export interface EnhancedFlow {
  identityPoolId: string
  timeoutMs: number
  /** The SDK client, made at the first call. */
  client: () => Promise<CognitoIdentityClient>
}

/** GetId: the identity of these logins, the same one each time. Throws {@link CredentialsError} or {@link UnavailableError}. */
export async function getId(
  { identityPoolId, timeoutMs, client }: EnhancedFlow,
  logins: Logins,
): Promise<string> {
  const { GetIdCommand } = await import('@aws-sdk/client-cognito-identity')
  const command = new GetIdCommand({ IdentityPoolId: identityPoolId, Logins: { ...logins } })
  const { IdentityId } = await (
    await client()
  )
    .send(command, { abortSignal: AbortSignal.timeout(timeoutMs) })
    .catch(explain)
  return IdentityId ?? explain(new TypeError('GetId returned no identity'))
}

/** GetCredentialsForIdentity: one hour of AWS credentials. Throws {@link CredentialsError} or {@link UnavailableError}. */
export async function getCredentialsForIdentity(
  { timeoutMs, client }: EnhancedFlow,
  identityId: string,
  logins: Logins,
): Promise<CognitoIdentityCredentials> {
  const { GetCredentialsForIdentityCommand } = await import('@aws-sdk/client-cognito-identity')
  const command = new GetCredentialsForIdentityCommand({ IdentityId: identityId, Logins: { ...logins } })
  const response = await (
    await client()
  )
    .send(command, { abortSignal: AbortSignal.timeout(timeoutMs) })
    .catch(explain)
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = response.Credentials ?? {}
  const complete =
    AccessKeyId &&
    SecretKey &&
    SessionToken &&
    Expiration instanceof Date &&
    Expiration.getTime() > Date.now()
  if (!complete)
    return explain(new TypeError('GetCredentialsForIdentity returned incomplete or expired credentials'))
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretKey,
    sessionToken: SessionToken,
    expiration: Expiration,
    // After a merge of identities the service answers with the surviving one.
    identityId: response.IdentityId ?? identityId,
  }
  // The SDK writes this mark into a credentials object that has none, which a frozen object would answer with a TypeError.
  Object.defineProperty(credentials, '$source', { value: Object.freeze({ CREDENTIALS_CODE: 'e' }) })
  return Object.freeze(redacted(credentials))
}
