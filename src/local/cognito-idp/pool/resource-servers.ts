import { list, optional, string, structure } from '../../server/members.ts'
import { ServiceError } from '../../server/service-error.ts'
import { invalidParameter } from '../../sign-in/refusal.ts'
import type { ResourceServer } from '../../user-pool/settings.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { page } from '../page.ts'
import { checkPoolId } from '../pool-id.ts'

const poolAndServer = {
  UserPoolId: model.userPoolId,
  Identifier: string({ min: 1, max: 256, pattern: '[\\x21\\x23-\\x5B\\x5D-\\x7E]+' }),
}

const scope = structure({
  ScopeName: string({ min: 1, max: 256, pattern: '[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+' }),
  ScopeDescription: string({ min: 1, max: 256 }),
})

const describedServer = {
  ...poolAndServer,
  Name: string({ min: 1, max: 256, pattern: '[\\w\\s+=,.@-]+' }),
  Scopes: optional(list(scope, { min: 0, max: 100 })),
}

/** CreateResourceServer: its scopes are `identifier/scopeName`. */
export function createResourceServer(pool: UserPool, input: Input): object {
  const given = readInput(input, describedServer)
  checkPoolId(pool, given.UserPoolId)
  if (pool.settings.resourceServers.has(given.Identifier)) {
    throw invalidParameter(
      `${given.Identifier} already exists as resource server in user pool ${pool.userPoolId}.`,
    )
  }
  return put(pool, given)
}

/** UpdateResourceServer: name and scopes anew. */
export function updateResourceServer(pool: UserPool, input: Input): object {
  const given = readInput(input, describedServer)
  serverOf(pool, given)
  return put(pool, given)
}

/** DescribeResourceServer */
export function describeResourceServer(pool: UserPool, input: Input): object {
  return { ResourceServer: output(pool, serverOf(pool, readInput(input, poolAndServer))) }
}

/** DeleteResourceServer */
export function deleteResourceServer(pool: UserPool, input: Input): object {
  const { identifier } = serverOf(pool, readInput(input, poolAndServer))
  pool.settings.resourceServers.delete(identifier)
  return {}
}

/** ListResourceServers */
export function listResourceServers(pool: UserPool, input: Input): object {
  const { UserPoolId, MaxResults, NextToken } = readInput(input, {
    UserPoolId: model.userPoolId,
    MaxResults: optional(model.resourceServersAtOnce),
    NextToken: optional(model.nextToken),
  })
  checkPoolId(pool, UserPoolId)
  const { entries, next } = page([...pool.settings.resourceServers.values()], MaxResults ?? 50, NextToken)
  return { ResourceServers: entries.map((server) => output(pool, server)), NextToken: next }
}

function put(
  pool: UserPool,
  given: {
    Identifier: string
    Name: string
    Scopes: { ScopeName: string; ScopeDescription: string }[] | undefined
  },
): object {
  const server: ResourceServer = {
    identifier: given.Identifier,
    name: given.Name,
    scopes: (given.Scopes ?? []).map(({ ScopeName, ScopeDescription }) => ({
      scopeName: ScopeName,
      scopeDescription: ScopeDescription,
    })),
  }
  pool.settings.resourceServers.set(server.identifier, server)
  return { ResourceServer: output(pool, server) }
}

function serverOf(
  pool: UserPool,
  { UserPoolId, Identifier }: { UserPoolId: string; Identifier: string },
): ResourceServer {
  checkPoolId(pool, UserPoolId)
  const server = pool.settings.resourceServers.get(Identifier)
  if (server) return server
  throw new ServiceError('ResourceNotFoundException', `Resource server ${Identifier} does not exist.`)
}

function output(pool: UserPool, { identifier, name, scopes }: ResourceServer): object {
  return {
    UserPoolId: pool.userPoolId,
    Identifier: identifier,
    Name: name,
    Scopes: scopes.map(({ scopeName, scopeDescription }) => ({
      ScopeName: scopeName,
      ScopeDescription: scopeDescription,
    })),
  }
}
