import type { TestContext } from 'node:test'
import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  GetOpenIdTokenCommand,
} from '@aws-sdk/client-cognito-identity'
import { S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { startLocalCognito, type LocalCognito, type LocalCognitoOptions } from '../../src/local/index.ts'

export const userPoolProvider = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_Local0001'
export const clientId = 'app1'
export const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`

interface Keys {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}

/** An identity pool and its clients, as apps and developers have them. Retries are off, so that each call is one request. */
export interface PoolClient {
  local: LocalCognito
  identityPoolId: string
  /** Without AWS credentials. */
  app: CognitoIdentityClient
  /** With the developer's. */
  developer: CognitoIdentityClient
  /** Logins of a user of the user pool. */
  logins: (sub: string, claims?: Record<string, unknown>) => Promise<Record<string, string>>
  getId: (Logins?: Record<string, string>) => Promise<string>
  /** The enhanced flow; `caller` asks STS who the credentials are. */
  credentials: (
    Logins?: Record<string, string>,
    more?: { IdentityId?: string; CustomRoleArn?: string | undefined },
  ) => Promise<Keys & { identityId: string }>
  openIdToken: (Logins?: Record<string, string>) => Promise<{ identityId: string; token: string }>
  callerOf: (credentials: Keys) => Promise<string>
  s3: (credentials: Keys) => S3Client
  /** A call as no SDK would make it; `target` is the whole header. */
  raw: (target: string, input: unknown) => Promise<{ status: number; text: string; headers: Headers }>
}

export async function startPool(t: TestContext, options: LocalCognitoOptions = {}): Promise<PoolClient> {
  const local = await startLocalCognito({
    users: [{ username: 'ana', password: 'Passw0rd!' }],
    clients: [{ clientId }],
    ...options,
  })
  const { identityPoolId, endpoint } = local.identityPool
  const region = identityPoolId.slice(0, identityPoolId.indexOf(':'))
  const app = new CognitoIdentityClient({ region, endpoint, maxAttempts: 1 })
  const developer = new CognitoIdentityClient({
    region,
    endpoint,
    maxAttempts: 1,
    credentials: local.awsCredentials,
  })
  const clients: { destroy(): void }[] = [app, developer]
  t.after(async () => {
    for (const client of clients) client.destroy()
    await local.close()
  })
  const getId = async (Logins?: Record<string, string>) =>
    (await app.send(new GetIdCommand({ IdentityPoolId: identityPoolId, Logins }))).IdentityId ?? ''
  return {
    local,
    identityPoolId,
    app,
    developer,
    getId,
    logins: async (sub, claims) => ({
      [userPoolProvider]: await local.issueToken({ tokenUse: 'id', claims: { sub, ...claims } }),
    }),
    credentials: async (Logins, more = {}) => {
      const IdentityId = more.IdentityId ?? (await getId(Logins))
      const { CustomRoleArn } = more
      const command = new GetCredentialsForIdentityCommand({ IdentityId, Logins, CustomRoleArn })
      const answer = await app.send(command)
      const { AccessKeyId = '', SecretKey = '', SessionToken = '' } = answer.Credentials ?? {}
      return {
        identityId: answer.IdentityId ?? '',
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretKey,
        sessionToken: SessionToken,
      }
    },
    openIdToken: async (Logins) => {
      const IdentityId = await getId(Logins)
      const answer = await app.send(new GetOpenIdTokenCommand({ IdentityId, Logins }))
      return { identityId: answer.IdentityId ?? '', token: answer.Token ?? '' }
    },
    callerOf: async ({ accessKeyId, secretAccessKey, sessionToken }) => {
      const credentials = { accessKeyId, secretAccessKey, sessionToken }
      const sts = new STSClient({ ...local.sts, credentials, maxAttempts: 1 })
      clients.push(sts)
      return (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? ''
    },
    s3: ({ accessKeyId, secretAccessKey, sessionToken }) => {
      const { bucket: _, ...where } = local.s3
      const credentials = { accessKeyId, secretAccessKey, sessionToken }
      const s3 = new S3Client({ ...where, credentials, maxAttempts: 1 })
      clients.push(s3)
      return s3
    },
    raw: async (target, input) => {
      const body = typeof input === 'string' ? input : JSON.stringify(input)
      const answer = await fetch(local.url, { method: 'POST', headers: { 'x-amz-target': target }, body })
      return { status: answer.status, text: await answer.text(), headers: answer.headers }
    },
  }
}

export const refused = (
  name: string,
  message: string | RegExp,
): { name: string; message: string | RegExp } => ({
  name,
  message,
})
export const notAuthorized = (message: string | RegExp) => refused('NotAuthorizedException', message)
export const invalidLogin = (detail: string) => notAuthorized(`Invalid login token. ${detail}`)
export const unsupported = notAuthorized('Token is not from a supported provider of this identity pool.')
export const badConfiguration = refused(
  'InvalidIdentityPoolConfigurationException',
  'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
)

/** The claims and the header of a token that nobody verified. */
export function unverified(token: string): {
  header: Record<string, unknown>
  claims: Record<string, unknown>
} {
  const [header = {}, claims = {}] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>)
  return { header, claims }
}
