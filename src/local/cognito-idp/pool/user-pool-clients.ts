import { boolean, optional } from '../../server/members.ts'
import { ServiceError } from '../../server/service-error.ts'
import {
  generatedClientId,
  generatedClientSecret,
  newClientSecret,
  type Client,
} from '../../user-pool/client.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { clientOf } from '../../sign-in/client-checks.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { page } from '../page.ts'
import { checkPoolId } from '../pool-id.ts'
import { clientMembers, clientName } from './client-members.ts'
import { clientOutput } from './client-output.ts'
import { clientSettingsFrom } from './client-settings.ts'

/** As many as a pool may have. */
const clientsAtMost = 1000

const poolAndClient = { UserPoolId: model.userPoolId, ClientId: model.clientId }

/** CreateUserPoolClient: works at once. */
export function createUserPoolClient(pool: UserPool, input: Input): object {
  const given = readInput(input, {
    ...clientMembers,
    ClientName: clientName,
    GenerateSecret: optional(boolean),
  })
  checkPoolId(pool, given.UserPoolId)
  const hasSecret = given.GenerateSecret === true
  const settings = clientSettingsFrom(pool, given, { hasSecret })
  if (pool.clients.size >= clientsAtMost) {
    throw new ServiceError('LimitExceededException', 'User pool has reached its limit of clients.')
  }
  const now = pool.clock.now() / 1000
  const clientId = generatedClientId()
  const secret = () =>
    newClientSecret({ clientId, clientSecrets: [] }, generatedClientSecret(), pool.clock.nowSeconds())
  const client: Client = {
    ...settings,
    clientId,
    clientName: given.ClientName,
    clientSecrets: hasSecret ? [secret()] : [],
    ssoMaxValidityMinutes: 60,
    createdAt: now,
    modifiedAt: now,
  }
  pool.clients.set(client.clientId, client)
  return { UserPoolClient: clientOutput(pool, client) }
}

/** UpdateUserPoolClient: what is left out goes back to its default; only name and secret stay. */
export function updateUserPoolClient(pool: UserPool, input: Input): object {
  const given = readInput(input, {
    ...clientMembers,
    ClientId: model.clientId,
    ClientName: optional(clientName),
  })
  checkPoolId(pool, given.UserPoolId)
  const client = clientOf(pool, given.ClientId)
  const settings = clientSettingsFrom(pool, given, { hasSecret: client.clientSecrets.length > 0 })
  // In place: the sign-ins that there are go on with it.
  Object.assign(client, settings, {
    clientName: given.ClientName ?? client.clientName,
    modifiedAt: pool.clock.now() / 1000,
  })
  return { UserPoolClient: clientOutput(pool, client) }
}

/** DescribeUserPoolClient */
export function describeUserPoolClient(pool: UserPool, input: Input): object {
  const { UserPoolId, ClientId } = readInput(input, poolAndClient)
  checkPoolId(pool, UserPoolId)
  return { UserPoolClient: clientOutput(pool, clientOf(pool, ClientId)) }
}

/** DeleteUserPoolClient: its refresh tokens are worth nothing any more. */
export function deleteUserPoolClient(pool: UserPool, input: Input): object {
  const { UserPoolId, ClientId } = readInput(input, poolAndClient)
  checkPoolId(pool, UserPoolId)
  pool.clients.delete(clientOf(pool, ClientId).clientId)
  return {}
}

/** ListUserPoolClients: names and ids. */
export function listUserPoolClients(pool: UserPool, input: Input): object {
  const { UserPoolId, MaxResults, NextToken } = readInput(input, {
    UserPoolId: model.userPoolId,
    MaxResults: optional(model.maxResults),
    NextToken: optional(model.nextToken),
  })
  checkPoolId(pool, UserPoolId)
  const { entries, next } = page([...pool.clients.values()], MaxResults, NextToken)
  const clients = entries.map(({ clientId, clientName: name }) => ({
    ClientId: clientId,
    ClientName: name,
    UserPoolId,
  }))
  return { UserPoolClients: clients, NextToken: next }
}
