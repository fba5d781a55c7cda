import type { S3Client } from '@aws-sdk/client-s3'
import type { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import type { STSClient } from '@aws-sdk/client-sts'

/** A request as it leaves the AWS SDK, already signed. */
export interface SignedRequest {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  body?: unknown
}

/** Changes each request of a client after it was signed, as somebody between client and server would. */
export function tamper<Client extends S3Client | STSClient | CognitoIdentityClient>(
  client: Client,
  change: (request: SignedRequest) => void,
): Client {
  const { middlewareStack } = client as S3Client
  middlewareStack.add(
    (next) => (args) => {
      change(args.request as SignedRequest)
      return next(args)
    },
    { step: 'deserialize', priority: 'low' },
  )
  return client
}
