import { authenticate } from './aws/json-authentication.ts'
import { createS3, s3Operation } from './aws/s3.ts'
import { createSts, stsOperation } from './aws/sts.ts'
import { createIdentityPool } from './identity-pool/index.ts'
import { createJsonApi } from './server/json-api.ts'
import { homePage } from './managed-login/home-page.ts'
import { oauthEndpoints } from './oauth/index.ts'
import { isUserPoolPath, notFound } from './oauth/not-found.ts'
import { userPoolOperations } from './cognito-idp/index.ts'
import type { ResolvedOptions } from './options/options.ts'
import { dnsSuffixOf, partitionOf } from './lib/partition.ts'
import type { Services } from './server/router.ts'
import { verifyToken } from './user-pool/tokens.ts'
import type { UserPool } from './user-pool/user-pool.ts'

/** No AWS account has this id, so an ARN made of it is seen to be local. */
const accountId = '000000000000'

/** Everything that the one port serves: the user pool, the identity pool that trusts it, and the AWS that trusts that. */
export function createServices(pool: UserPool, options: ResolvedOptions): Services {
  const { clock, region } = pool
  const { identityPoolId, allowUnauthenticatedIdentities, bucket } = options
  const identityPool = createIdentityPool({
    identityPoolId,
    region: identityPoolId.slice(0, identityPoolId.indexOf(':')),
    accountId,
    clock,
    allowUnauthenticatedIdentities,
    providers: [
      {
        providerName: `cognito-idp.${region}.${dnsSuffixOf(region)}/${pool.userPoolId}`,
        clientIds: () => [...pool.clients.keys()],
        verify: (token) => verifyToken(pool, token),
      },
    ],
  })
  const { credentials } = identityPool
  return {
    jsonApi: createJsonApi({
      AWSCognitoIdentityProviderService: userPoolOperations(pool, (request, operation) =>
        authenticate(
          request,
          { service: 'cognito-idp', region, clock, credentials },
          { operation, resource: userPoolArn(pool) },
        ),
      ),
      AWSCognitoIdentityService: identityPool.operations,
    }),
    oauth: oauthEndpoints(pool),
    home: homePage(pool),
    notFound: { has: (path) => isUserPoolPath(path, bucket), handle: notFound(pool) },
    sts: { operationOf: stsOperation, handle: createSts({ clock, region, credentials }) },
    s3: { operationOf: s3Operation, handle: createS3({ clock, region, bucket, credentials }) },
  }
}

function userPoolArn({ region, userPoolId }: UserPool): string {
  return `arn:${partitionOf(region)}:cognito-idp:${region}:${accountId}:userpool/${userPoolId}`
}

/** Every name that requests are counted and faults are set by. */
export function operationNames(services: Services): string[] {
  const oauth = [...services.oauth.values()].map(({ operation }) => operation)
  const aws = ['GetCallerIdentity', 'ListObjectsV2', 'GetObject', 'HeadObject', 'PutObject', 'DeleteObject']
  return [...oauth, ...services.jsonApi.operations, ...aws]
}
