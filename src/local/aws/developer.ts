import type { Caller } from './callers.ts'
import { policyFrom } from './iam/policy-document.ts'
import { requestContext } from './iam/request-context.ts'

/** An access key of the person who develops: what the signed operations want. */
export interface AccessKey {
  accessKeyId: string
  secretAccessKey: string
}

/** Accepted where no other is named. A 0 is in no access key of AWS, so it is nobody's. */
export const defaultAccessKey: AccessKey = {
  accessKeyId: 'AKIA0LOCAL0DEVELOPER',
  secretAccessKey: 'local-cognito-secret-access-key-not-real',
}

/** The IAM user `local-developer`, who may do everything. */
export function developer(
  key: AccessKey,
  { partition, account }: { partition: string; account: string },
): Caller {
  const arn = `arn:${partition}:iam::${account}:user/local-developer`
  const userId = 'AIDA0LOCAL0DEVELOPER'
  const everything = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
  return {
    ...key,
    sessionToken: undefined,
    expiresAtSeconds: Number.POSITIVE_INFINITY,
    arn,
    userId,
    account,
    permissions: [{ kind: 'identity-based', policies: [policyFrom(everything, 'permissions')] }],
    context: requestContext({
      'aws:PrincipalArn': arn,
      'aws:PrincipalAccount': account,
      'aws:userid': userId,
      'aws:username': 'local-developer',
    }),
  }
}
