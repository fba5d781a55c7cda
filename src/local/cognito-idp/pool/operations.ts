import type { UserPool } from '../../user-pool/user-pool.ts'
import type { UserPools } from '../../user-pool/user-pools.ts'
import type { Input } from '../input.ts'
import * as secrets from './client-secrets.ts'
import * as sessions from './client-sessions.ts'
import * as mfa from './mfa-config.ts'
import * as servers from './resource-servers.ts'
import * as clients from './user-pool-clients.ts'
import * as pools from './user-pools.ts'

type Run<T> = (subject: T, input: Input) => Promise<object> | object

/** What administrators do that is about no pool that there is already. */
export const accountAdministration: Record<string, Run<UserPools>> = {
  CreateUserPool: pools.createUserPool,
  ListUserPools: pools.listUserPools,
}

/** What administrators do with a pool, its app clients and its resource servers. */
export const poolAdministration: Record<string, Run<UserPool>> = {
  DescribeUserPool: pools.describeUserPool,
  UpdateUserPool: pools.updateUserPool,
  SetUserPoolMfaConfig: mfa.setUserPoolMfaConfig,
  GetUserPoolMfaConfig: mfa.getUserPoolMfaConfig,
  CreateUserPoolClient: clients.createUserPoolClient,
  UpdateUserPoolClient: clients.updateUserPoolClient,
  DescribeUserPoolClient: clients.describeUserPoolClient,
  DeleteUserPoolClient: clients.deleteUserPoolClient,
  ListUserPoolClients: clients.listUserPoolClients,
  AddUserPoolClientSecret: secrets.addUserPoolClientSecret,
  ListUserPoolClientSecrets: secrets.listUserPoolClientSecrets,
  DeleteUserPoolClientSecret: secrets.deleteUserPoolClientSecret,
  SetUserPoolClientSessionConfiguration: sessions.setUserPoolClientSessionConfiguration,
  GetUserPoolClientSessionConfiguration: sessions.getUserPoolClientSessionConfiguration,
  CreateResourceServer: servers.createResourceServer,
  UpdateResourceServer: servers.updateResourceServer,
  DescribeResourceServer: servers.describeResourceServer,
  DeleteResourceServer: servers.deleteResourceServer,
  ListResourceServers: servers.listResourceServers,
}
