import { randomInt } from '../../lib/random.ts'
import { optional } from '../../server/members.ts'
import { invalidParameter } from '../../sign-in/refusal.ts'
import { triggerNames } from '../../user-pool/trigger-names.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import type { UserPools } from '../../user-pool/user-pools.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { page } from '../page.ts'
import { checkPoolId } from '../pool-id.ts'
import { triggerArn, userPoolArn } from './arn.ts'
import { newPoolMembers, poolMembers, poolName } from './pool-members.ts'
import { changeableSettings, newPoolSettings } from './pool-settings.ts'
import { settingsOutput } from './settings-output.ts'

/** CreateUserPool: works at once, and has no client yet. Its managed login and its issuer begin with its id. */
export async function createUserPool(pools: UserPools, input: Input): Promise<object> {
  const given = readInput(input, newPoolMembers)
  const settings = newPoolSettings(given)
  checkTriggers(undefined, input['LambdaConfig'])
  const { region } = pools.first
  const userPoolId = `${region}_${poolSuffix()}`
  const pool = await pools.create({ userPoolId, region, name: given.PoolName, settings })
  return { UserPool: output(pool) }
}

/** UpdateUserPool: what is left out goes back to its default, except for the name. */
export function updateUserPool(pool: UserPool, input: Input): object {
  const given = readInput(input, {
    ...poolMembers,
    UserPoolId: model.userPoolId,
    PoolName: optional(poolName),
  })
  checkPoolId(pool, given.UserPoolId)
  checkTriggers(pool, input['LambdaConfig'])
  // In place: whatever holds the settings sees them.
  Object.assign(pool.settings, changeableSettings(given, pool.settings.enabledMfas))
  Object.assign(pool, { name: given.PoolName ?? pool.name, modifiedAt: pool.clock.now() / 1000 })
  return {}
}

/** DeleteUserPool: with everybody in it. Tokens that are still alive are refused from now on. */
export function deleteUserPool(pools: UserPools, pool: UserPool, input: Input): object {
  const { UserPoolId } = readInput(input, { UserPoolId: model.userPoolId })
  checkPoolId(pool, UserPoolId)
  if (pool.settings.deletionProtection) {
    throw invalidParameter(
      'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
    )
  }
  pools.delete(pool)
  return {}
}

/** DescribeUserPool: the settings, in the words of the API. */
export function describeUserPool(pool: UserPool, input: Input): object {
  const { UserPoolId } = readInput(input, { UserPoolId: model.userPoolId })
  checkPoolId(pool, UserPoolId)
  return { UserPool: output(pool) }
}

/** ListUserPools */
export function listUserPools(pools: UserPools, input: Input): object {
  const { MaxResults, NextToken } = readInput(input, {
    MaxResults: model.maxResults,
    NextToken: optional(model.nextToken),
  })
  const { entries, next } = page(pools.all(), MaxResults, NextToken)
  return { UserPools: entries.map(summary), NextToken: next }
}

/** 9 letters and digits. */
function poolSuffix(): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  return Array.from({ length: 9 }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
}

/**
 * Lambda functions cannot be called from here, and one that is silently left out would prove nothing. Those that the pool has are
 * functions in code, which stay: whoever sends back what DescribeUserPool said sends their names.
 */
function checkTriggers(pool: UserPool | undefined, given: unknown): void {
  const own: Record<string, string> = pool ? lambdaConfig(pool) : {}
  for (const [name, arn] of Object.entries(given ?? {})) {
    if (arn !== null && arn !== own[name])
      throw invalidParameter(`A local user pool calls no Lambda functions (${name.slice(0, 50)}).`)
  }
}

function output(pool: UserPool): object {
  return {
    ...summary(pool),
    Arn: userPoolArn(pool),
    EstimatedNumberOfUsers: pool.users.all().length,
    DeletionProtection: pool.settings.deletionProtection ? 'ACTIVE' : 'INACTIVE',
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
    UserPoolTags: {},
    UserPoolTier: 'ESSENTIALS',
    ...settingsOutput(pool.settings),
  }
}

function summary(pool: UserPool): object {
  return {
    Id: pool.userPoolId,
    Name: pool.name,
    LambdaConfig: lambdaConfig(pool),
    CreationDate: pool.createdAt,
    LastModifiedDate: pool.modifiedAt,
  }
}

function lambdaConfig(pool: UserPool): Record<string, string> {
  const present = triggerNames.filter((name) => pool.settings.triggers[name] !== undefined)
  return Object.fromEntries(
    present.map((name) => [name.charAt(0).toUpperCase() + name.slice(1), triggerArn(pool, name)]),
  )
}
