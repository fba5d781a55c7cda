import { localAccountId } from './aws/account.ts'
import { authenticate } from './aws/json-authentication.ts'
import { createAwsServices } from './aws/services.ts'
import { stsOperationNames } from './aws/sts/index.ts'
import type { IssueProviderToken } from './identity-pool/providers/issue-provider-token.ts'
import type { KeyRing } from './key-ring.ts'
import type { Memory } from './lib/memory.ts'
import { createJsonApi } from './server/json-api.ts'
import { homePage } from './managed-login/home-page.ts'
import { oauthEndpoints } from './oauth/index.ts'
import { isUserPoolPath, notFound } from './oauth/not-found.ts'
import { userPoolOperations } from './cognito-idp/index.ts'
import type { ResolvedOptions } from './options/options.ts'
import { participantsOf } from './participants.ts'
import { partitionOf, userPoolProviderName } from './lib/partition.ts'
import type { Services } from './server/router.ts'
import { verifyToken } from './user-pool/tokens.ts'
import type { UserPool } from './user-pool/user-pool.ts'

/** Everything that the one port serves: the user pool, the identity pool that trusts it, and the AWS that trusts that. */
export function createServices(
  pool: UserPool,
  options: ResolvedOptions,
  kept: { keys: KeyRing; memory: Memory },
): { services: Services; issueProviderToken: IssueProviderToken } {
  const { clock, region, userPoolId } = pool
  const { callers, identityPool, sts, s3, issueProviderToken } = createAwsServices({
    ...options,
    ...kept,
    clock,
    userPool: {
      providerName: userPoolProviderName(region, userPoolId),
      clientIds: () => [...pool.clients.keys()],
      verify: (token) => verifyToken(pool, token),
      isRevoked: ({ origin_jti: originJti, 'cognito:username': username }) =>
        pool.signIns.isRevoked(String(originJti)) || pool.users.get(String(username))?.enabled !== true,
    },
  })
  const services: Services = {
    jsonApi: createJsonApi(
      {
        AWSCognitoIdentityProviderService: userPoolOperations(pool, (request, operation) =>
          authenticate(
            request,
            { service: 'cognito-idp', region, clock, callers },
            { operation, resource: userPoolArn(pool) },
          ),
        ),
        AWSCognitoIdentityService: identityPool.operations,
      },
      clock,
    ),
    oauth: new Map([...oauthEndpoints(pool), ['/.well-known/jwks_uri', identityPool.jwks]]),
    home: homePage(pool),
    notFound: { has: (path) => isUserPoolPath(path, options.bucket), handle: notFound(pool) },
    sts,
    s3,
    participants: (request) => participantsOf(pool, request),
  }
  return { services, issueProviderToken }
}

function userPoolArn({ region, userPoolId }: UserPool): string {
  return `arn:${partitionOf(region)}:cognito-idp:${region}:${localAccountId}:userpool/${userPoolId}`
}

/** Every name that requests are counted and faults are set by. */
export function operationNames(services: Services): string[] {
  const oauth = [...services.oauth.values()].map(({ operation }) => operation)
  const aws = [...stsOperationNames, 'ListObjectsV2', 'GetObject', 'HeadObject', 'PutObject', 'DeleteObject']
  return [...oauth, ...services.jsonApi.operations, ...aws]
}
