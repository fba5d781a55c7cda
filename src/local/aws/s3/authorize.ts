import { partitionOf } from '../../lib/partition.ts'
import type { Caller } from '../callers.ts'
import { refusalOf } from '../iam/authorize.ts'
import { S3Error } from './s3-error.ts'
import type { S3OperationName, S3Target } from './request.ts'

const actions: Record<S3OperationName, string> = {
  ListObjectsV2: 's3:ListBucket',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  DeleteObject: 's3:DeleteObject',
}

/**
 * Throws `AccessDenied` unless the caller's policies allow the operation.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function authorize(
  caller: Caller,
  operation: S3OperationName,
  target: S3Target,
  region: string,
): void {
  const resource = `arn:${partitionOf(region)}:s3:::${target.bucket}${target.key === '' ? '' : `/${target.key}`}`
  const asked = (name: string) => target.query.get(name)?.[0]
  const keys = {
    's3:prefix': asked('prefix'),
    's3:delimiter': asked('delimiter'),
    's3:max-keys': asked('max-keys'),
  }
  const refusal = refusalOf(caller, actions[operation], resource, keys)
  if (refusal !== undefined) throw new S3Error('AccessDenied', refusal)
}
