import { GetCredentialsForIdentityCommand, GetIdCommand } from '@aws-sdk/client-cognito-identity'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { identityPoolId, providerName, region, type AwsServer } from './aws-server.ts'

/** Credentials of one identity, in the shape that AWS clients take. */
export interface UserCredentials {
  identityId: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
  expiration: Date
}

/** The enhanced flow for a user of the pool, with the AWS SDK. */
export async function credentialsOf(
  server: AwsServer,
  sub: string,
  claims?: Record<string, unknown>,
): Promise<UserCredentials> {
  const client = server.identityClient()
  const Logins = { [providerName]: await server.idToken(sub, claims) }
  const { IdentityId } = await client.send(new GetIdCommand({ IdentityPoolId: identityPoolId, Logins }))
  const answer = await client.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }))
  const { AccessKeyId, SecretKey, SessionToken, Expiration } = answer.Credentials ?? {}
  if (!IdentityId || !AccessKeyId || !SecretKey || !SessionToken || !Expiration)
    throw new Error('The identity pool gave incomplete credentials')
  return {
    identityId: IdentityId,
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  }
}

/** A client without retries, so that each call is one request; `config` wins. */
export function s3Client(server: AwsServer, user: UserCredentials, config: S3ClientConfig = {}): S3Client {
  const { identityId: _, ...credentials } = user
  return new S3Client({
    region,
    endpoint: server.url,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials,
    ...config,
  })
}
