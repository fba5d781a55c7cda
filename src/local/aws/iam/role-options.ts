import * as check from '../../options/option-checks.ts'
import { MalformedPolicy } from './malformed-policy.ts'
import { policyFrom, type PolicyKind } from './policy-document.ts'
import { isRoleArn, type DescribedRole } from './role.ts'

/** An IAM role as the caller describes it; policies in IAM's own JSON. */
export interface LocalRole {
  /** `arn:aws:iam::000000000000:role/…`. */
  roleArn: string
  /** The trust policy. Default: as the console makes it, the identity pool and `amr` for signed-in users, or for guests. */
  assumeRolePolicyDocument?: object | undefined
  /** What sessions may do. Default: one that grants each identity its own objects in the bucket. */
  policies?: object[] | undefined
  /** In seconds, 3600 (default) to 43200. */
  maxSessionDuration?: number | undefined
}

const members: (keyof LocalRole)[] = ['roleArn', 'assumeRolePolicyDocument', 'policies', 'maxSessionDuration']

/** Checks the option `iamRoles`; undefined when it was not given. */
export function rolesFrom(given: unknown): DescribedRole[] | undefined {
  if (given === undefined) return undefined
  const roles = check.checkArray('iamRoles', given).map((role, index) => roleFrom(`iamRoles[${index}]`, role))
  check.checkUnique(
    'iamRoles[].roleArn',
    roles.map(({ arn }) => arn),
  )
  return roles
}

/** Checks an ARN of a role. */
export function checkRoleArn(option: string, value: unknown): string {
  if (typeof value !== 'string' || !isRoleArn(value)) check.refuse(option, 'a role ARN')
  return value
}

function roleFrom(option: string, given: unknown): DescribedRole {
  const role = check.checkObject(option, given, members)
  const { assumeRolePolicyDocument: trust, policies, maxSessionDuration = 3600 } = role
  return {
    arn: checkRoleArn(`${option}.roleArn`, role['roleArn']),
    trustPolicy:
      trust === undefined ? undefined : policy(`${option}.assumeRolePolicyDocument`, trust, 'trust'),
    permissions:
      policies === undefined
        ? undefined
        : check
            .checkArray(`${option}.policies`, policies)
            .map((document, index) => policy(`${option}.policies[${index}]`, document, 'permissions')),
    maxSessionDurationSeconds: check.checkInteger(`${option}.maxSessionDuration`, maxSessionDuration, {
      min: 3600,
      max: 43_200,
    }),
  }
}

function policy(option: string, document: unknown, kind: PolicyKind) {
  try {
    return policyFrom(document, kind)
  } catch (error) {
    if (error instanceof MalformedPolicy) check.refuse(option, `a policy document: ${error.message}`)
    throw error
  }
}
