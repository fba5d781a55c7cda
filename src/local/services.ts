import { authenticate } from './aws/json-authentication.ts'
import { createAwsServices } from './aws/services.ts'
import { stsOperationNames } from './aws/sts/index.ts'
import type { LocalUserPoolProvider } from './identity-pool/configured-providers.ts'
import type { IssueProviderToken } from './identity-pool/providers/issue-provider-token.ts'
import type { KeyRing } from './key-ring.ts'
import type { Memory } from './lib/memory.ts'
import { createJsonApi } from './server/json-api.ts'
import { homePage } from './managed-login/home-page.ts'
import { isUserPoolPath, notFound } from './oauth/not-found.ts'
import { createDomains } from './oauth/domains.ts'
import { userPoolOperations } from './cognito-idp/index.ts'
import type { ResolvedOptions } from './options/options.ts'
import { participantsOf } from './participants.ts'
import { userPoolProviderName } from './lib/partition.ts'
import type { Services } from './server/router.ts'
import { verifyToken } from './user-pool/tokens.ts'
import type { UserPool } from './user-pool/user-pool.ts'
import type { UserPools } from './user-pool/user-pools.ts'

/** Everything that the one port serves: the user pools, the identity pool that trusts them, and the AWS that trusts that. */
export function createServices(
  pools: UserPools,
  options: ResolvedOptions,
  kept: { keys: KeyRing; memory: Memory },
): { services: Services; issueProviderToken: IssueProviderToken } {
  const { clock, region } = pools.first
  const { callers, identityPool, sts, s3, issueProviderToken } = createAwsServices({
    ...options,
    ...kept,
    clock,
    userPools: () => pools.all().map(providerOf),
  })
  const services: Services = {
    jsonApi: createJsonApi(
      {
        AWSCognitoIdentityProviderService: userPoolOperations(pools, (request, what) =>
          authenticate(request, { service: 'cognito-idp', region, clock, callers }, what),
        ),
        AWSCognitoIdentityService: identityPool.operations,
      },
      clock,
    ),
    oauth: createDomains(pools, new Map([['/.well-known/jwks_uri', identityPool.jwks]])),
    home: homePage(pools),
    notFound: { has: (path) => isUserPoolPath(path, options.bucket), handle: notFound(pools.first) },
    sts,
    s3,
    participants: (request) => participantsOf(pools, request),
  }
  return { services, issueProviderToken }
}

/** A user pool as the identity pool sees it. */
function providerOf(pool: UserPool): LocalUserPoolProvider {
  return {
    providerName: userPoolProviderName(pool.region, pool.userPoolId),
    clientIds: () => [...pool.clients.keys()],
    verify: (token) => verifyToken(pool, token),
    isRevoked: ({ origin_jti: originJti, 'cognito:username': username }) =>
      pool.signIns.isRevoked(String(originJti)) || pool.users.get(String(username))?.enabled !== true,
  }
}

/** Every name that requests are counted and faults are set by. */
export function operationNames({ oauth, jsonApi }: Services): string[] {
  const aws = [...stsOperationNames, 'ListObjectsV2', 'GetObject', 'HeadObject', 'PutObject', 'DeleteObject']
  return [...oauth.operations, ...jsonApi.operations, ...aws]
}
