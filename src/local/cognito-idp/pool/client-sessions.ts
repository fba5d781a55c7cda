import { integer, structure } from '../../server/members.ts'
import { clientOf } from '../../sign-in/client-checks.ts'
import { ssoMinutes, type Client } from '../../user-pool/client.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { checkPoolId } from '../pool-id.ts'

const poolAndClient = { UserPoolId: model.userPoolId, ClientId: model.clientId }

/** SetUserPoolClientSessionConfiguration: how long this client lets a browser that is signed in go on without the person. */
export function setUserPoolClientSessionConfiguration(pool: UserPool, input: Input): object {
  const { UserPoolId, ClientId, SSOSession } = readInput(input, {
    ...poolAndClient,
    SSOSession: structure({ MaxValidityMinutes: integer(ssoMinutes) }),
  })
  checkPoolId(pool, UserPoolId)
  const client = clientOf(pool, ClientId)
  Object.assign(client, { ssoMaxValidityMinutes: SSOSession.MaxValidityMinutes })
  return output(UserPoolId, client)
}

/** GetUserPoolClientSessionConfiguration */
export function getUserPoolClientSessionConfiguration(pool: UserPool, input: Input): object {
  const { UserPoolId, ClientId } = readInput(input, poolAndClient)
  checkPoolId(pool, UserPoolId)
  return output(UserPoolId, clientOf(pool, ClientId))
}

function output(UserPoolId: string, { clientId, ssoMaxValidityMinutes }: Client): object {
  return { UserPoolId, ClientId: clientId, SSOSession: { MaxValidityMinutes: ssoMaxValidityMinutes } }
}
