import { createHash } from 'node:crypto'
import { base32, type Caller, type Callers } from '../callers.ts'
import { evaluate } from '../iam/evaluate.ts'
import type { Policy } from '../iam/policy-document.ts'
import { requestContext } from '../iam/request-context.ts'
import { roleName, type Role, type Roles } from '../iam/role.ts'

/** Somebody for whom an identity pool vouches. */
export interface WebIdentity {
  /** The issuer without its scheme. */
  provider: string
  /** The identity id. */
  subject: string
  /** The identity pool id. */
  audience: string
  /** How they signed in: `authenticated` or `unauthenticated`, and the names of providers. */
  amr: readonly string[]
  principalTags: Readonly<Record<string, string>>
}

/** Who wants to become which role. */
interface AssumeRoleOrder {
  roleArn: string
  sessionName: string
  identity: WebIdentity
  durationSeconds: number
  /** Narrows what the role grants. */
  sessionPolicy?: Policy | undefined
}

type AssumedRole =
  | { ok: true; credentials: Caller & { sessionToken: string } }
  | { ok: false; reason: 'not-authorized' | 'too-long' }

/** Becomes a role, when its trust policy allows that. */
export type AssumeRole = (order: AssumeRoleOrder) => AssumedRole

/** The name that policies know every identity pool by, whatever the issuer of its tokens. */
const federatedPrincipal = 'cognito-identity.amazonaws.com'

export function createAssumeRole(roles: Roles, callers: Callers): AssumeRole {
  return (order) => {
    const role = roles.find(order.roleArn)
    if (!role || !trusts(role, order.identity)) return { ok: false, reason: 'not-authorized' }
    if (order.durationSeconds > role.maxSessionDurationSeconds) return { ok: false, reason: 'too-long' }
    return { ok: true, credentials: callers.issue(session(role, order), order.durationSeconds) }
  }
}

/** Tags need a permission of their own. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
function trusts(role: Role, identity: WebIdentity): boolean {
  const { provider, principalTags } = identity
  const tags = Object.entries(principalTags)
  const context = requestContext(identityKeys(identity), {
    ...Object.fromEntries(tags.map(([name, value]) => [`aws:RequestTag/${name}`, value])),
    'aws:TagKeys': tags.length > 0 ? Object.keys(principalTags) : undefined,
  })
  const actions = ['sts:AssumeRoleWithWebIdentity', ...(tags.length > 0 ? ['sts:TagSession'] : [])]
  const principals = [provider, federatedPrincipal]
  return actions.every(
    (action) => evaluate([role.trustPolicy], { action, principals, context }) === 'allowed',
  )
}

function session(role: Role, { sessionName, identity, sessionPolicy }: AssumeRoleOrder) {
  const [, partition = 'aws', , , account = ''] = role.arn.split(':')
  const userId = `${roleId(role.arn)}:${sessionName}`
  const permissions: Caller['permissions'] = [{ kind: 'identity-based', policies: role.permissions }]
  const tags = Object.entries(identity.principalTags)
  return {
    arn: `arn:${partition}:sts::${account}:assumed-role/${roleName(role.arn)}/${sessionName}`,
    userId,
    account,
    permissions: sessionPolicy
      ? [...permissions, { kind: 'session' as const, policies: [sessionPolicy] }]
      : permissions,
    context: requestContext(identityKeys(identity), {
      ...Object.fromEntries(tags.map(([name, value]) => [`aws:PrincipalTag/${name}`, value])),
      'aws:PrincipalArn': role.arn,
      'aws:PrincipalAccount': account,
      'aws:userid': userId,
      'aws:FederatedProvider': identity.provider,
    }),
  }
}

/** Derived from the ARN, so it stays the same. */
function roleId(roleArn: string): string {
  return `AROA${base32(createHash('sha256').update(roleArn).digest().subarray(0, 17))}`
}

function identityKeys({ provider, subject, audience, amr }: WebIdentity) {
  const keys = (name: string) => ({
    [`${name}:sub`]: subject,
    [`${name}:aud`]: audience,
    [`${name}:amr`]: amr,
  })
  return { ...keys(federatedPrincipal), ...keys(provider) }
}
