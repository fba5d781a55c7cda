import type { UserPool } from '../../user-pool/user-pool.ts'
import type { Input } from '../input.ts'
import * as secrets from './client-secrets.ts'
import * as sessions from './client-sessions.ts'
import * as mfa from './mfa-config.ts'
import * as servers from './resource-servers.ts'
import * as clients from './user-pool-clients.ts'
import * as pools from './user-pools.ts'

/** What administrators do with the pool, its app clients and its resource servers. */
export const poolAdministration: Record<string, (pool: UserPool, input: Input) => Promise<object> | object> =
  {
    DescribeUserPool: pools.describeUserPool,
    ListUserPools: pools.listUserPools,
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
