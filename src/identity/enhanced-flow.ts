import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import { within } from '../lib/within.ts'
import type { CognitoIdentityCredentials, Logins } from './credentials.ts'
import { explain } from './refusals.ts'

/** What the enhanced flow needs of the identity pool. */
export interface EnhancedFlow {
  identityPoolId: string
  timeoutMs: number
  /** The SDK client, made at the first call. */
  client: () => Promise<CognitoIdentityClient>
}

/**
 * GetId: the identity of these logins, the same one each time. Throws {@link CredentialsError} or {@link
 * UnavailableError}.
 */
export async function getId(flow: EnhancedFlow, logins: Logins): Promise<string> {
  const { GetIdCommand } = await import('@aws-sdk/client-cognito-identity')
  const command = new GetIdCommand({ IdentityPoolId: flow.identityPoolId, Logins: { ...logins } })
  const { IdentityId } = await call(flow, (client, limit) => client.send(command, limit))
  return IdentityId ?? explain(new TypeError('GetId returned no identity'))
}

/**
 * GetCredentialsForIdentity: one hour of AWS credentials. Throws {@link CredentialsError} or {@link
 * UnavailableError}.
 */
export async function getCredentialsForIdentity(
  flow: EnhancedFlow,
  identityId: string,
  logins: Logins,
): Promise<CognitoIdentityCredentials> {
  const { GetCredentialsForIdentityCommand } = await import('@aws-sdk/client-cognito-identity')
  const command = new GetCredentialsForIdentityCommand({ IdentityId: identityId, Logins: { ...logins } })
  const response = await call(flow, (client, limit) => client.send(command, limit))
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = response.Credentials ?? {}
  const current = Expiration instanceof Date && Expiration.getTime() > Date.now()
  if (!AccessKeyId || !SecretKey || !SessionToken || !current) {
    return explain(new TypeError('GetCredentialsForIdentity returned incomplete or expired credentials'))
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretKey,
    sessionToken: SessionToken,
    expiration: Expiration,
    // After a merge of identities the service answers with the surviving one.
    identityId: response.IdentityId ?? identityId,
  }
}

/**
 * One call with a total limit, retries included. A client of the app may ignore the signal; the wait ends all
 * the same.
 */
async function call<Output>(
  { timeoutMs, client }: EnhancedFlow,
  send: (client: CognitoIdentityClient, limit: { abortSignal: AbortSignal }) => Promise<Output>,
): Promise<Output> {
  const abortSignal = AbortSignal.timeout(timeoutMs)
  return within(send(await client(), { abortSignal }), timeoutMs).catch(explain)
}
