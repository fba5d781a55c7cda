import { deleteIdentities } from './delete-identities.ts'
import { describeIdentityPool } from './describe-identity-pool.ts'
import { describeIdentity } from './describe-identity.ts'
import { getCredentialsForIdentity } from './get-credentials-for-identity.ts'
import { getId } from './get-id.ts'
import { getIdentityPoolRoles } from './get-identity-pool-roles.ts'
import { getOpenIdTokenForDeveloperIdentity } from './get-open-id-token-for-developer-identity.ts'
import { getOpenIdToken } from './get-open-id-token.ts'
import { getPrincipalTagAttributeMap } from './get-principal-tag-attribute-map.ts'
import { listIdentities } from './list-identities.ts'
import { listIdentityPools } from './list-identity-pools.ts'
import { lookupDeveloperIdentity } from './lookup-developer-identity.ts'
import { mergeDeveloperIdentities } from './merge-developer-identities.ts'
import type { IdentityPool } from './pool.ts'
import { setIdentityPoolRoles } from './set-identity-pool-roles.ts'
import { setPrincipalTagAttributeMap } from './set-principal-tag-attribute-map.ts'
import { unlinkDeveloperIdentity } from './unlink-developer-identity.ts'
import { unlinkIdentity } from './unlink-identity.ts'

/** Input in, output out; refusals are thrown as `ServiceError`. */
type Run = (pool: IdentityPool, input: Record<string, unknown>) => Promise<object> | object

/** Browsers and phones call these without AWS credentials: the logins are the proof. */
export const unsignedOperations: Readonly<Record<string, Run>> = {
  GetCredentialsForIdentity: getCredentialsForIdentity,
  GetId: getId,
  GetOpenIdToken: getOpenIdToken,
  UnlinkIdentity: unlinkIdentity,
}

/** These need AWS credentials of the developer. */
export const signedOperations: Readonly<Record<string, Run>> = {
  DeleteIdentities: deleteIdentities,
  DescribeIdentity: describeIdentity,
  DescribeIdentityPool: describeIdentityPool,
  GetIdentityPoolRoles: getIdentityPoolRoles,
  GetOpenIdTokenForDeveloperIdentity: getOpenIdTokenForDeveloperIdentity,
  GetPrincipalTagAttributeMap: getPrincipalTagAttributeMap,
  ListIdentities: listIdentities,
  ListIdentityPools: listIdentityPools,
  LookupDeveloperIdentity: lookupDeveloperIdentity,
  MergeDeveloperIdentities: mergeDeveloperIdentities,
  SetIdentityPoolRoles: setIdentityPoolRoles,
  SetPrincipalTagAttributeMap: setPrincipalTagAttributeMap,
  UnlinkDeveloperIdentity: unlinkDeveloperIdentity,
}
