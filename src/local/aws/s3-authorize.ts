import type { IssuedCredentials } from '../identity-pool/index.ts'
import { callerArn } from '../identity-pool/issued-credentials.ts'
import { S3Error } from './s3-errors.ts'
import type { S3OperationName, S3Target } from './s3-request.ts'

const actions: Record<S3OperationName, string> = {
  ListObjectsV2: 's3:ListBucket',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  DeleteObject: 's3:DeleteObject',
}

/**
 * Grants what the usual role policy of an identity pool grants: the objects under
 * `private/${cognito-identity.amazonaws.com:sub}/`, and listing with a prefix that starts there.
 * Throws `AccessDenied` for everything else.
 */
export function authorize(caller: IssuedCredentials, operation: S3OperationName, target: S3Target): void {
  const own = `private/${caller.identityId}/`
  const requested = operation === 'ListObjectsV2' ? (target.query.get('prefix')?.[0] ?? '') : target.key
  if (requested.startsWith(own)) return
  const resource = `arn:aws:s3:::${target.bucket}${target.key === '' ? '' : `/${target.key}`}`
  throw new S3Error(
    'AccessDenied',
    `User: ${callerArn(caller)} is not authorized to perform: ${actions[operation]} on resource: "${resource}" ` +
      `because no identity-based policy allows the ${actions[operation]} action`,
  )
}
