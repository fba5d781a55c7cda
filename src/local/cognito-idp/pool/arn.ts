import { localAccountId } from '../../aws/account.ts'
import { partitionOf } from '../../lib/partition.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'

/** By which IAM policies know a user pool. */
export function userPoolArn({ region, userPoolId }: UserPool): string {
  return `arn:${partitionOf(region)}:cognito-idp:${region}:${localAccountId}:userpool/${userPoolId}`
}

/** Lambda functions have ARNs; functions in code are named after what they are. */
export function triggerArn({ region }: UserPool, name: string): string {
  return `arn:${partitionOf(region)}:lambda:${region}:${localAccountId}:function:${name}`
}
