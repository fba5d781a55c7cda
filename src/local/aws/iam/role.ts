import { policyFrom, type Policy } from './policy-document.ts'

/** An IAM role: who may assume it, and what its sessions may do. */
export interface Role {
  arn: string
  trustPolicy: Policy
  permissions: readonly Policy[]
  maxSessionDurationSeconds: number
}

/** The roles of the local account. */
export interface Roles {
  find(arn: string): Role | undefined
}

/** A role of which some parts are as usual. */
export interface DescribedRole {
  arn: string
  trustPolicy: Policy | undefined
  permissions: readonly Policy[] | undefined
  maxSessionDurationSeconds: number
}

/** What the usual parts of a role depend on. */
interface DefaultRoleContext {
  partition: string
  identityPoolId: string
  bucket: string
  /** Whether the identity pool gives this role to guests. */
  isGuestRole: (arn: string) => boolean
}

/** Roles that exist in every local account, and that the identity pool gives where no others are named. */
export function builtInRoles(
  partition: string,
  account: string,
): { authenticated: string; unauthenticated: string } {
  const arn = (name: string) => `arn:${partition}:iam::${account}:role/${name}`
  return { authenticated: arn('local-authenticated'), unauthenticated: arn('local-unauthenticated') }
}

/**
 * The roles that were described, and the built-in ones. Without any description every role exists: it trusts the identity
 * pool, and grants each identity the objects under `private/<identity id>/`.
 */
export function createRoles(
  described: readonly DescribedRole[] | undefined,
  builtIn: readonly string[],
  context: DefaultRoleContext,
): Roles {
  return {
    find(arn) {
      const role = described?.find((candidate) => candidate.arn === arn)
      if (!isRoleArn(arn) || (described && !role && !builtIn.includes(arn))) return undefined
      const usual = defaultRole(arn, context)
      return role
        ? {
            ...role,
            trustPolicy: role.trustPolicy ?? usual.trustPolicy,
            permissions: role.permissions ?? usual.permissions,
          }
        : usual
    },
  }
}

export function isRoleArn(text: string): boolean {
  return /^arn:[\w-]+:iam::\d{12}:role\/\S+$/.test(text)
}

/** The last part of a role's path. */
export function roleName(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1)
}

function defaultRole(arn: string, context: DefaultRoleContext): Role {
  const amr = context.isGuestRole(arn) ? 'unauthenticated' : 'authenticated'
  return {
    arn,
    maxSessionDurationSeconds: 3600,
    trustPolicy: policyFrom(usualTrust(context.identityPoolId, amr), 'trust'),
    permissions: [policyFrom(ownObjects(context), 'permissions')],
  }
}

/** As the console of identity pools writes it for a new role. */
function usualTrust(identityPoolId: string, amr: string): object {
  return {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
      Condition: {
        StringEquals: { 'cognito-identity.amazonaws.com:aud': identityPoolId },
        'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': amr },
      },
    },
  }
}

/** The usual policy for files that belong to one user each. */
function ownObjects({ partition, bucket }: Pick<DefaultRoleContext, 'partition' | 'bucket'>): object {
  const arn = `arn:${partition}:s3:::${bucket}`
  const own = 'private/${cognito-identity.amazonaws.com:sub}/*'
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        Resource: `${arn}/${own}`,
      },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: arn,
        Condition: { StringLike: { 's3:prefix': own } },
      },
    ],
  }
}
