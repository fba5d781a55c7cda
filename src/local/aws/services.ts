import type { KeyRing } from '../key-ring.ts'
import type { Clock } from '../lib/clock.ts'
import type { Memory } from '../lib/memory.ts'
import { configuredProviders, type LocalUserPoolProvider } from '../identity-pool/configured-providers.ts'
import type { LocalHandler, LocalRequest } from '../server/http.ts'
import { createIdentityPool, type LocalIdentityPool } from '../identity-pool/index.ts'
import { createOpenIdTokens, identityPoolArn } from '../identity-pool/openid-tokens.ts'
import type { ResolvedIdentityPool } from '../identity-pool/options.ts'
import type { PoolRoles } from '../identity-pool/pool.ts'
import { createPretendProviders } from '../identity-pool/providers/index.ts'
import {
  providerTokenIssuer,
  type IssueProviderToken,
} from '../identity-pool/providers/issue-provider-token.ts'
import { partitionOf } from '../lib/partition.ts'
import { createAccount, localAccountId, type Account } from './account.ts'
import type { CallersLookup } from './callers.ts'
import type { AccessKey } from './developer.ts'
import { builtInRoles, type DescribedRole } from './iam/role.ts'
import { authenticate } from './json-authentication.ts'
import { createS3, s3Operation } from './s3/index.ts'
import { createSts, stsOperation } from './sts/index.ts'

interface AwsOptions {
  clock: Clock
  /** Of the user pools, STS and S3. */
  region: string
  bucket: string
  identityPool: ResolvedIdentityPool
  iamRoles: readonly DescribedRole[] | undefined
  accessKeys: readonly AccessKey[]
  /** Those that there are now. */
  userPools: () => readonly LocalUserPoolProvider[]
  keys: KeyRing
  memory: Memory
}

/** The services beside the user pools, and the providers outside. */
export interface AwsServices {
  /** Who may sign requests to any of them. */
  callers: CallersLookup
  identityPool: LocalIdentityPool
  issueProviderToken: IssueProviderToken
  sts: AwsService
  s3: AwsService
}

/** A service that is told apart from others by its requests. */
interface AwsService {
  /** The name for counting and faults. */
  operationOf: (request: LocalRequest) => string
  handle: LocalHandler
}

/** What trusts the user pools, and what trusts that: the identity pool, and IAM, STS and S3 of one account. */
export function createAwsServices(options: AwsOptions): AwsServices {
  const { clock, region, bucket, keys, memory } = options
  const { settings, roles, roleMappings } = options.identityPool
  const { identityPoolId } = settings
  const poolRegion = identityPoolId.slice(0, identityPoolId.indexOf(':'))
  const arn = identityPoolArn(poolRegion, localAccountId, identityPoolId)
  const openIdTokens = createOpenIdTokens({
    region: poolRegion,
    identityPoolId,
    arn,
    clock,
    key: keys.identityPool,
  })
  const poolRoles = { roles: roles ?? builtInRoles(partitionOf(region), localAccountId), roleMappings }
  const account = createAccount({
    ...options,
    identityPoolId,
    isGuestRole: (roleArn) => roleArn === poolRoles.roles.unauthenticated,
  })
  const { callers, assumeRole } = account
  const verifyOpenIdToken = (token: string) => openIdTokens.verify(token)
  const pool = { region: poolRegion, arn, openIdTokens, poolRoles }
  return {
    callers,
    ...identityServices(options, account, pool),
    sts: {
      operationOf: stsOperation,
      handle: createSts({ clock, region, callers, assumeRole, verifyOpenIdToken }),
    },
    s3: { operationOf: s3Operation, handle: createS3({ clock, region, bucket, callers, memory }) },
  }
}

/** The identity pool, and the providers outside whose users it takes. */
function identityServices(
  options: AwsOptions,
  { callers, roles, assumeRole }: Account,
  pool: {
    region: string
    arn: string
    openIdTokens: ReturnType<typeof createOpenIdTokens>
    poolRoles: PoolRoles
  },
) {
  const { clock, userPools } = options
  const { settings, cognitoIdentityProviders, principalTags } = options.identityPool
  const pretend = createPretendProviders(clock, options.keys.providers)
  const providers = configuredProviders(settings, cognitoIdentityProviders, pretend, userPools)
  const everyClient = () =>
    userPools().flatMap(({ providerName, clientIds }) =>
      clientIds().map((clientId) => ({ providerName, clientId, serverSideTokenCheck: false })),
    )
  const identityPool = createIdentityPool(
    {
      ...pool,
      settings,
      clock,
      principalTags,
      providers,
      cognitoIdentityProviders: () => cognitoIdentityProviders ?? everyClient(),
      assumeRole,
      hasRole: (roleArn) => roles.find(roleArn) !== undefined,
    },
    (request, operation) =>
      authenticate(
        request,
        { service: 'cognito-identity', region: pool.region, clock, callers },
        { operation, resource: pool.arn },
      ),
    options.memory,
  )
  const audienceOf = (name: string) =>
    providers()
      .find(({ providerName }) => providerName === name)
      ?.clientIds()[0]
  return { identityPool, issueProviderToken: providerTokenIssuer(pretend, clock, audienceOf) }
}
