import { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import type { Clock } from '../../src/local/lib/clock.ts'
import { startLocalCognito } from '../../src/local/index.ts'

export const region = 'us-east-1'
export const identityPoolId = 'us-east-1:128d0a74-c82f-4553-916d-90053e8a11ce'
export const providerName = `cognito-idp.${region}.amazonaws.com/us-east-1_Local0001`
export const bucket = 'files'

/** A local Cognito as the tests of its AWS side use it. */
export interface AwsServer {
  url: string
  clock: Clock
  /** An ID token of the user pool that the identity pool trusts; `claims` are merged over, undefined removes. */
  idToken(sub: string, claims?: Record<string, unknown>): Promise<string>
  accessToken(sub: string): Promise<string>
  /** A client of the identity pool; retries off, so that each call is one request. */
  identityClient(): CognitoIdentityClient
  close(): Promise<void>
}

export async function startAwsServer(options: { guests?: boolean } = {}): Promise<AwsServer> {
  const local = await startLocalCognito({
    userPoolId: 'us-east-1_Local0001',
    identityPoolId,
    bucket,
    users: [{ username: 'ana', password: 'Passw0rd!' }],
    allowUnauthenticatedIdentities: options.guests ?? false,
  })
  return {
    url: local.url,
    clock: local.clock,
    idToken: (sub, claims) => local.issueToken({ tokenUse: 'id', claims: { sub, ...claims } }),
    accessToken: (sub) => local.issueToken({ tokenUse: 'access', claims: { sub } }),
    identityClient: () => new CognitoIdentityClient({ region, endpoint: local.url, maxAttempts: 1 }),
    close: () => local.close(),
  }
}
