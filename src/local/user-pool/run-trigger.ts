import { ServiceError } from '../server/service-error.ts'
import type { Client } from './client.ts'
import type { LocalTriggers } from './triggers.ts'
import type { User } from './user.ts'
import type { UserPool } from './user-pool.ts'

type Name = Exclude<keyof LocalTriggers, 'preTokenGenerationVersion'>
type EventOf<N extends Name> = Parameters<NonNullable<LocalTriggers[N]>>[0]
type ResponseOf<N extends Name> = EventOf<N>['response']

/** What a trigger is called about. */
export interface TriggerCall<N extends Name> {
  /** `triggerSource`. */
  source: string
  user: Pick<User, 'username' | 'attributes'>
  /** Undefined where no app client is involved. */
  client: Client | undefined
  request: Omit<EventOf<N>['request'], 'userAttributes'>
  response: ResponseOf<N>
  version?: string | undefined
}

/** Calls a trigger with the event of a Lambda function. Undefined when the pool has none of this name. */
export async function runTrigger<N extends Name>(
  pool: UserPool,
  name: N,
  call: TriggerCall<N>,
): Promise<ResponseOf<N> | undefined> {
  const trigger = pool.settings.triggers[name] as ((event: unknown) => unknown) | undefined
  if (!trigger) return undefined
  const lambda = name.charAt(0).toUpperCase() + name.slice(1)
  let returned: unknown
  try {
    // Copies: what a function keeps or changes must not be the pool's own.
    returned = await trigger(structuredClone(eventOf(pool, call)))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ServiceError('UserLambdaValidationException', `${lambda} failed with error ${reason}.`)
  }
  if (typeof returned !== 'object' || returned === null || !('response' in returned)) {
    throw new ServiceError('InvalidLambdaResponseException', 'Unrecognizable lambda output')
  }
  return structuredClone(returned.response) as ResponseOf<N>
}

function eventOf<N extends Name>(pool: UserPool, call: TriggerCall<N>): object {
  const { source, user, client, request, response, version = '1' } = call
  return {
    version,
    triggerSource: source,
    region: pool.region,
    userPoolId: pool.userPoolId,
    userName: user.username,
    callerContext: {
      awsSdkVersion: 'aws-sdk-unknown-unknown',
      clientId: client?.clientId ?? 'CLIENT_ID_NOT_APPLICABLE',
    },
    request: { userAttributes: Object.fromEntries(user.attributes), ...request },
    response,
  }
}
