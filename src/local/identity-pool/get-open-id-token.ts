import { optional, readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { invalidParameter } from './refusals.ts'
import { claimIdentity, poolIdentity, verifySignIn } from './sign-in.ts'

const lifetimeSeconds = 600

/**
 * `GetOpenIdToken`: the second step of the classic flow, a token of ten minutes that STS takes.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html
 */
export async function getOpenIdToken(pool: IdentityPool, input: Record<string, unknown>): Promise<object> {
  const { IdentityId, Logins } = readInput(input, {
    IdentityId: model.identityId,
    Logins: optional(model.logins),
  })
  const signIn = await verifySignIn(pool, IdentityId, Logins ?? {})
  assertClassicFlow(pool)
  if (signIn.logins.some(({ provider }) => provider.kind === 'saml'))
    throw invalidParameter(
      'Basic (classic) flow is not supported with SAML providers, please use enhanced flow.',
    )
  const identity = claimIdentity(pool, signIn)
  const Token = await pool.openIdTokens.issue(poolIdentity(pool, identity, signIn), lifetimeSeconds)
  return { IdentityId: identity.id, Token }
}

/** Where it was never set, the flow is allowed, but not beside role mappings, which it would get around. */
function assertClassicFlow({ settings, poolRoles }: IdentityPool): void {
  if (settings.allowClassicFlow === false)
    throw invalidParameter('Basic (classic) flow is not enabled, please use enhanced flow.')
  if (settings.allowClassicFlow === undefined && poolRoles.roleMappings && poolRoles.roleMappings.size > 0)
    throw invalidParameter(
      'Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.',
    )
}
