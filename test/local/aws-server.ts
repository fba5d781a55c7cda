import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import { compactVerify, errors, generateKeyPair, SignJWT } from 'jose'
import { createS3 } from '../../src/local/aws/s3.ts'
import { createSts } from '../../src/local/aws/sts.ts'
import { createClock, type Clock } from '../../src/local/clock.ts'
import type { LocalRequest, LocalResponse } from '../../src/local/http.ts'
import { createIdentityPool, type LoginTokenCheck } from '../../src/local/identity-pool/index.ts'
import { ServiceError } from '../../src/local/service-error.ts'

export const region = 'us-east-1'
export const userPoolId = 'us-east-1_Local0001'
export const identityPoolId = 'us-east-1:128d0a74-c82f-4553-916d-90053e8a11ce'
export const clientId = '4ifa83b1k2example9c0d1e2f3'
export const providerName = `cognito-idp.${region}.amazonaws.com/${userPoolId}`
export const bucket = 'files'
const issuer = `https://${providerName}`

/** The identity pool, STS and S3 on one loopback port, and a key that signs tokens for them. */
export interface AwsServer {
  url: string
  clock: Clock
  /** An ID token of the user pool that the identity pool trusts; `claims` are merged over, undefined removes. */
  idToken(sub: string, claims?: Record<string, unknown>): Promise<string>
  /** A client of the identity pool; retries off, so that each call is one request. */
  identityClient(): CognitoIdentityClient
  close(): Promise<void>
}

export async function startAwsServer(options: { guests?: boolean } = {}): Promise<AwsServer> {
  const clock = createClock()
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const verify = createTokenCheck(publicKey)
  const pool = createIdentityPool({
    identityPoolId,
    region,
    accountId: '123456789012',
    clock,
    allowUnauthenticatedIdentities: options.guests ?? false,
    providers: [
      { providerName, clientIds: () => [clientId], verify },
      // A second pool, whose tokens carry the same keys here, so that identities can have two logins.
      { providerName: `${providerName}B`, clientIds: () => [clientId], verify },
    ],
  })
  const sts = createSts({ clock, region, credentials: pool.credentials })
  const s3 = createS3({ clock, region, bucket, credentials: pool.credentials })
  const route = (request: LocalRequest) => {
    const target = request.headers['x-amz-target']
    if (target) return callOperation(pool.operations, target, request)
    return request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
      ? sts(request)
      : s3(request)
  }
  const server = createServer((req, res) => void respond(req, res, route))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    clock,
    idToken: (sub, claims) => signToken(privateKey, clock, { sub, ...claims }),
    identityClient: () => new CognitoIdentityClient({ region, endpoint: url, maxAttempts: 1 }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Key = Awaited<ReturnType<typeof generateKeyPair>>['publicKey']

function createTokenCheck(publicKey: Key): (token: string) => Promise<LoginTokenCheck> {
  return async (token) => {
    try {
      const { payload } = await compactVerify(token, publicKey)
      const claims = JSON.parse(Buffer.from(payload).toString('utf8')) as Record<string, unknown>
      return claims['iss'] === issuer ? { ok: true, claims } : { ok: false, reason: 'issuer' }
    } catch (error) {
      const isForged = error instanceof errors.JWSSignatureVerificationFailed
      return { ok: false, reason: isForged ? 'signature' : 'malformed' }
    }
  }
}

async function signToken(key: Key, clock: Clock, claims: Record<string, unknown>): Promise<string> {
  const payload = {
    iss: issuer,
    aud: clientId,
    token_use: 'id',
    exp: clock.nowSeconds() + 3600,
    ...claims,
  }
  const present = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined))
  return new SignJWT(present).setProtectedHeader({ alg: 'ES256' }).sign(key)
}

async function callOperation(
  operations: ReturnType<typeof createIdentityPool>['operations'],
  target: string,
  request: LocalRequest,
): Promise<LocalResponse> {
  const headers = { 'Content-Type': 'application/x-amz-json-1.1' }
  try {
    const operation = operations[target.slice(target.lastIndexOf('.') + 1)]
    if (!operation) throw new ServiceError('UnknownOperationException', '')
    const output = await operation(JSON.parse(request.body.toString('utf8')) as Record<string, unknown>)
    return { status: 200, headers, body: JSON.stringify(output) }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return {
      status: error.status,
      headers,
      body: JSON.stringify({ __type: error.type, message: error.message }),
    }
  }
}

async function respond(
  req: IncomingMessage,
  res: ServerResponse,
  route: (request: LocalRequest) => LocalResponse | Promise<LocalResponse>,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  const headers = Object.fromEntries(
    Object.entries(req.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  const rawUrl = req.url ?? '/'
  const { method = 'GET' } = req
  const request = {
    method,
    rawUrl,
    url: new URL(rawUrl, 'http://localhost'),
    headers,
    body: Buffer.concat(chunks),
  }
  const response = await Promise.resolve(route(request)).catch((error: unknown) => ({
    status: 500,
    body: String(error),
  }))
  res.writeHead(response.status, 'headers' in response ? response.headers : {})
  res.end(response.body)
}
