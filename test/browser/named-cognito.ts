import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import {
  type LocalClient,
  type LocalCognito,
  type LocalUser,
  type LocalUserPool,
  startLocalCognito,
} from 'passport-cognito-identity/local'
import type { Environment } from '../../example-app/variables.ts'

/** A Cognito that the example app does not start itself, and the variables that name it, its S3 and a free port. */
export interface NamedCognito {
  cognito: LocalCognito
  env: Environment
}

interface NamedOptions {
  userPool?: LocalUserPool
  client?: LocalClient
  allowGuests?: boolean
}

/** Starts one with these users. The caller closes `cognito`. */
export async function startNamedCognito(
  users: LocalUser[],
  { userPool: settings, client: more, allowGuests = false }: NamedOptions = {},
): Promise<NamedCognito> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const client = {
    clientSecret: 'a0b1c2d3e4f5',
    callbackURLs: [`${origin}/callback`],
    logoutURLs: [`${origin}/`],
    ...more,
  }
  const cognito = await startLocalCognito({
    userPoolId: 'eu-west-1_Named0001',
    users,
    clients: [client],
    userPool: settings,
    allowUnauthenticatedIdentities: allowGuests,
  })
  const { userPool, identityPool, s3 } = cognito
  const env = {
    PORT: String(port),
    COGNITO_USER_POOL_ID: userPool.userPoolId,
    COGNITO_CLIENT_ID: userPool.clientId,
    COGNITO_CLIENT_SECRET: userPool.clientSecret,
    COGNITO_DOMAIN: userPool.domain,
    COGNITO_ISSUER: userPool.issuer,
    COGNITO_ENDPOINT: userPool.endpoint,
    COGNITO_IDENTITY_POOL_ID: identityPool.identityPoolId,
    COGNITO_IDENTITY_ENDPOINT: identityPool.endpoint,
    S3_BUCKET: s3.bucket,
    // By name: with an address the AWS SDK would put the bucket into the path by itself.
    S3_ENDPOINT: s3.endpoint.replace('127.0.0.1', 'localhost'),
    STS_ENDPOINT: cognito.sts.endpoint,
    SESSION_SECRET: 'a session secret of more than thirty-two bytes',
  }
  return { cognito, env }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
