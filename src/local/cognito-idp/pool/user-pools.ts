import { localAccountId } from '../../aws/account.ts'
import { partitionOf } from '../../lib/partition.ts'
import { optional } from '../../server/members.ts'
import { triggerNames } from '../../user-pool/trigger-names.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import type { Input } from '../input.ts'
import * as model from '../model.ts'
import { page } from '../page.ts'
import { checkPoolId } from '../pool-id.ts'
import { readInput } from '../read-input.ts'
import { settingsOutput } from './settings-output.ts'

/** DescribeUserPool: the options that this server was started with, in the words of the API. */
export function describeUserPool(pool: UserPool, input: Input): object {
  const { UserPoolId } = readInput(input, { UserPoolId: model.userPoolId })
  checkPoolId(pool, UserPoolId)
  const { region, userPoolId, settings } = pool
  return {
    UserPool: {
      ...summary(pool),
      Arn: `arn:${partitionOf(region)}:cognito-idp:${region}:${localAccountId}:userpool/${userPoolId}`,
      EstimatedNumberOfUsers: pool.users.all().length,
      DeletionProtection: 'INACTIVE',
      EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
      UserPoolTags: {},
      UserPoolTier: 'ESSENTIALS',
      ...settingsOutput(settings),
    },
  }
}

/** ListUserPools: the one that there is. */
export function listUserPools(pool: UserPool, input: Input): object {
  const { MaxResults, NextToken } = readInput(input, {
    MaxResults: model.maxResults,
    NextToken: optional(model.nextToken),
  })
  const { entries, next } = page([pool], MaxResults, NextToken)
  return { UserPools: entries.map(summary), NextToken: next }
}

/** Lambda functions have ARNs; functions in code are named after what they are. */
function summary({ userPoolId, region, createdAt, settings }: UserPool): object {
  const present = triggerNames.filter((name) => settings.triggers[name] !== undefined)
  const arn = (name: string) =>
    `arn:${partitionOf(region)}:lambda:${region}:${localAccountId}:function:${name}`
  return {
    Id: userPoolId,
    Name: userPoolId.slice(userPoolId.indexOf('_') + 1),
    LambdaConfig: Object.fromEntries(
      present.map((name) => [name.charAt(0).toUpperCase() + name.slice(1), arn(name)]),
    ),
    CreationDate: createdAt,
    LastModifiedDate: createdAt,
  }
}
