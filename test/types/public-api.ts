// Compiled, not run: `npm run types` fails when one of these lines stops being true.
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import type { AwsCredentialIdentityProvider } from '@smithy/types'
import type { RequestHandler as ExpressHandler, Request, Response } from 'express'
import {
  type AccessTokenClaims,
  bearer,
  CallbackError,
  type Claims,
  type CognitoAuth,
  CognitoError,
  type CognitoErrorCode,
  CognitoStrategy,
  getAuth,
  type Handler,
  type IdTokenClaims,
  IdentityPool,
  InvalidTokenError,
  logout,
  requireAuth,
  requireGroups,
  requireScopes,
  session,
  type Tokens,
  UserPool,
} from '../../src/index.ts'
import { startLocalCognito } from '../../src/local/index.ts'

/** True when the two types are the same, `any` apart. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_T extends true>(): void => undefined

declare const userPool: UserPool
declare const identityPool: IdentityPool
declare const req: Request
declare const env: Record<string, string | undefined>

export async function verifying(): Promise<void> {
  const access = await userPool.verify('jwt', { tokenUse: 'access' })
  holds<Same<typeof access, AccessTokenClaims>>()
  const _id = await userPool.verify('jwt', { tokenUse: 'id' })
  holds<Same<typeof _id, IdTokenClaims>>()
  const either = await userPool.verify('jwt', { tokenUse: null })
  holds<Same<typeof either, Claims>>()

  // Claims narrow by token_use.
  if (either.token_use === 'access') holds<Same<(typeof either)['client_id'], string>>()
  else holds<Same<(typeof either)['aud'], string>>()
  // @ts-expect-error claims are read-only
  access.sub = 'another'

  // @ts-expect-error which kind of token is asked for must be said
  await userPool.verify('jwt')
  // @ts-expect-error which kind of token is asked for must be said
  await userPool.verify('jwt', {})
  // @ts-expect-error undefined is not an answer; null says "either"
  await userPool.verify('jwt', { tokenUse: undefined })
  // @ts-expect-error a misspelt kind
  await userPool.verify('jwt', { tokenUse: 'acess' })
  // @ts-expect-error a misspelt requirement is a check that would never happen
  await userPool.verify('jwt', { tokenUse: 'access', group: 'admin' })
  await userPool.verify('jwt', { tokenUse: 'access', clientId: null, scope: ['a'], groups: undefined })
}

export function requests(): void {
  // req.cognito is there for a recognised caller only.
  holds<Same<typeof req.cognito, CognitoAuth | undefined>>()
  // @ts-expect-error it may be undefined
  void req.cognito.claims
  const auth = getAuth(req)
  holds<Same<typeof auth.claims, Claims>>()
  holds<Same<typeof auth.source, 'session' | 'bearer'>>()
  const _narrowed = getAuth<IdTokenClaims>(req)
  holds<Same<typeof _narrowed.claims.aud, string>>()
  // @ts-expect-error nobody changes who the caller is
  auth.claims = {} as Claims
  // @ts-expect-error nobody adds a group to the caller
  auth.groups.push('admin')

  // Passport's info carries the page to go back to.
  holds<Same<Express.AuthInfo['returnTo'], string | undefined>>()
}

export async function credentials(): Promise<void> {
  const provider: AwsCredentialIdentityProvider = getAuth(req).credentials
  const s3 = new S3Client({ credentials: getAuth(req).credentials })
  await s3.send(new ListObjectsV2Command({ Bucket: 'files' }))
  const _own = await getAuth(req).credentials()
  holds<Same<typeof _own.identityId, string>>()
  await identityPool.credentials({ [userPool.loginsKey]: 'jwt' })
  // @ts-expect-error no logins, no call
  await identityPool.credentials()
  void provider
}

export function handlers(): void {
  const all: Handler[] = [
    bearer({ userPool, identityPool, tokenUse: 'id', clientId: null, required: false }),
    session({ userPool, identityPool }),
    requireAuth(),
    requireAuth({ loginURL: '/login' }),
    requireGroups('admin', 'staff'),
    requireScopes('orders/read'),
    logout({ userPool, identityPool, returnTo: 'https://app.example.com/' }),
  ]
  // Whatever takes a handler of Express takes ours.
  const express: ExpressHandler[] = all
  void express
  // @ts-expect-error a pool is needed
  bearer({})
  // @ts-expect-error an unknown option
  session({ userPool, identitypool: identityPool })
  // @ts-expect-error logout leads somewhere
  logout({ userPool })
  // @ts-expect-error groups are names
  requireGroups(['admin'])
}

export function construction(): void {
  // Environment variables may be unset: undefined means absent where the option is optional.
  const options = { clientSecret: env['SECRET'], domain: env['DOMAIN'], graceSeconds: undefined }
  const pool = new UserPool({ userPoolId: 'eu-west-1_AbCdEf123', clientId: env['CLIENT'], ...options })
  // @ts-expect-error the pool id is needed
  new UserPool({ clientId: 'abc' })
  // @ts-expect-error an unknown option
  new UserPool({ userPoolId: 'eu-west-1_AbCdEf123', clientId: 'abc', region: 'eu-west-1' })
  // @ts-expect-error null says nothing here
  new UserPool({ userPoolId: 'eu-west-1_AbCdEf123', clientId: 'abc', clientSecret: null })
  // @ts-expect-error what the pool is cannot be changed afterwards
  pool.issuer = 'https://evil.example'

  const callbackURL = 'https://app.example.com/callback'
  new CognitoStrategy({ userPool: pool, callbackURL })
  new CognitoStrategy({
    userPool: pool,
    callbackURL,
    verify: (user) => ({ id: user.sub, tokens: user.tokens }),
  })
  new CognitoStrategy({
    userPool: pool,
    callbackURL,
    verify: async (user) => user.groups.includes('x') && user,
  })
  new CognitoStrategy({ userPool: pool, callbackURL, verify: (user, _req, done) => done(null, user) })
  // @ts-expect-error the callback URL is needed
  new CognitoStrategy({ userPool: pool })
}

export function errors(error: unknown, res: Response): void {
  if (error instanceof CognitoError) {
    holds<Same<typeof error.code, CognitoErrorCode>>()
    res.status(error.status).set(error.headers).send(error.publicMessage)
  }
  if (error instanceof InvalidTokenError && error.reason === 'expired') return
  // @ts-expect-error no such reason
  if (error instanceof CallbackError && error.reason === 'nonsense') return
}

export async function local(): Promise<void> {
  const cognito = await startLocalCognito({ users: [{ username: 'ana', password: 'Passw0rd!' }] })
  new UserPool(cognito.userPool)
  new IdentityPool(cognito.identityPool)
  const { bucket: _bucket, ...s3 } = cognito.s3
  new S3Client(s3)
}

export function tokens(): Tokens {
  // @ts-expect-error a sign-in has an access token
  const incomplete: Tokens = { idToken: 'jwt' }
  void incomplete
  return { idToken: 'jwt', accessToken: 'jwt' }
}
