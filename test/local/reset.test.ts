import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { GetIdCommand } from '@aws-sdk/client-cognito-identity'
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { browse, CookieJar, signInOnLoginPage } from '../support/login-form.ts'
import { stage } from './cognito-idp/stage.ts'
import { startPool } from './identity-pool-client.ts'
import { ana, authorizeUrl, codeFor, exchange, start } from './domain.ts'

test('a reset brings back the users of the options, with their passwords, and no others', async (t) => {
  const on = await stage(t)
  const { local, sdk } = on
  const UserPoolId = local.userPool.userPoolId
  const ids = [local.userPool.clientId, local.userPool.userPoolId, local.url]
  await sdk.send(new AdminCreateUserCommand({ UserPoolId, Username: 'new', MessageAction: 'SUPPRESS' }))
  const signUp = { ClientId: 'public1', Username: 'newer', Password: 'Passw0rd!' }
  await sdk.send(
    new SignUpCommand({ ...signUp, UserAttributes: [{ Name: 'email', Value: 'newer@example.com' }] }),
  )
  assert.notEqual(local.outbox.latest('newer@example.com'), undefined)
  const { AuthenticationResult } = await on.initiate('USER_PASSWORD_AUTH', {
    USERNAME: 'ana',
    PASSWORD: ana.password,
  })
  await local.reset()
  for (const Username of ['new', 'newer'])
    await assert.rejects(sdk.send(new AdminGetUserCommand({ UserPoolId, Username })), {
      name: 'UserNotFoundException',
    })
  assert.deepEqual(local.outbox.messages(), [])
  assert.deepEqual([local.userPool.clientId, local.userPool.userPoolId, local.url], ids)
  const refresh = on.initiate('REFRESH_TOKEN_AUTH', {
    REFRESH_TOKEN: AuthenticationResult?.RefreshToken ?? '',
  })
  await assert.rejects(refresh, { name: 'NotAuthorizedException', message: 'Invalid Refresh Token' })
  await on.initiate('USER_PASSWORD_AUTH', { USERNAME: 'ana', PASSWORD: ana.password })
})

test('a reset ends browser sessions and codes, and sets the clock, the counts and the faults back', async (t) => {
  const local = await start()
  t.after(() => local.close())
  const jar = new CookieJar()
  await signInOnLoginPage(authorizeUrl(local), ana, jar)
  const code = await codeFor(local)
  const { kid } = local.jwks().keys[0] ?? {}
  local.clock.advance(100)
  local.fail('token', { status: 500 })
  await local.reset()
  assert.deepEqual([local.requests.total(), local.requests.log()], [0, []])
  assert.equal(Math.abs(local.clock.now() - Date.now()) < 50_000, true)
  assert.equal(local.jwks().keys[0]?.kid, kid)
  const page = await browse(jar, new URL(authorizeUrl(local)))
  assert.match(page.headers.get('location') ?? '', /\/login\?/)
  const { status, body } = await exchange(local, { code })
  assert.deepEqual([status, body['error']], [400, 'invalid_grant'])
  assert.equal((await exchange(local, { code: await codeFor(local) })).status, 200)
})

test('a reset without a client id in the options keeps the one that was made up', async (t) => {
  const local = await start({ clients: [{}] })
  t.after(() => local.close())
  await local.reset()
  assert.equal(
    (await exchange(local, { code: await codeFor(local), client_id: local.userPool.clientId })).status,
    200,
  )
})

test('a reset forgets identities, objects and AWS credentials', async (t) => {
  const pool = await startPool(t, { allowUnauthenticatedIdentities: true })
  const logins = await pool.logins('user-1')
  const identityId = await pool.getId(logins)
  const credentials = await pool.credentials(logins)
  const { bucket: Bucket, ...options } = pool.local.s3
  const s3 = new S3Client({ ...options, credentials: pool.local.awsCredentials })
  t.after(() => s3.destroy())
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }))
  await pool.local.reset()
  assert.equal((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 0)
  await assert.rejects(pool.callerOf(credentials), { name: 'InvalidClientTokenId' })
  const { IdentityId } = await pool.app.send(
    new GetIdCommand({ IdentityPoolId: pool.identityPoolId, Logins: logins }),
  )
  assert.notEqual(IdentityId, identityId)
})
