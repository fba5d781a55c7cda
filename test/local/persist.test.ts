import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import {
  AdminDeleteUserCommand,
  ChangePasswordCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { CognitoIdentityClient, GetIdCommand, GetOpenIdTokenCommand } from '@aws-sdk/client-cognito-identity'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { startLocalCognito, type LocalCognito, type LocalCognitoOptions } from '../../src/local/index.ts'

function stage(t: TestContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'persist-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'state.json')
  const start = (options: LocalCognitoOptions = {}) =>
    startLocalCognito({
      users: [
        { username: 'ana', password: 'Passw0rd!', groups: ['admin'] },
        { username: 'ben', password: 'Passw0rd!' },
      ],
      persist: file,
      ...options,
    })
  return { folder, file, start }
}

/** Runs something with clients of the SDK, and ends the server. */
async function within<T>(
  local: LocalCognito,
  work: (clients: {
    idp: CognitoIdentityProviderClient
    identity: CognitoIdentityClient
    s3: S3Client
  }) => Promise<T>,
): Promise<T> {
  const aws = {
    region: local.s3.region,
    endpoint: local.url,
    credentials: local.awsCredentials,
    maxAttempts: 1,
  }
  const clients = {
    idp: new CognitoIdentityProviderClient(aws),
    identity: new CognitoIdentityClient(aws),
    s3: new S3Client({ ...aws, forcePathStyle: true }),
  }
  try {
    return await work(clients)
  } finally {
    for (const client of Object.values(clients)) client.destroy()
    await local.close()
  }
}

const initiate = (
  local: LocalCognito,
  flow: 'USER_PASSWORD_AUTH' | 'REFRESH_TOKEN_AUTH',
  AuthParameters: Record<string, string>,
) => new InitiateAuthCommand({ ClientId: local.userPool.clientId, AuthFlow: flow, AuthParameters })

test('LS-04 with persist, users, sign-ins, identities, objects and keys are there after a restart, in a file for its owner only', async (t) => {
  const { folder, file, start } = stage(t)
  const first = await start()
  const port = Number(new URL(first.url).port)
  const { clientId } = first.userPool
  const logins = {
    [`cognito-idp.us-east-1.amazonaws.com/${first.userPool.userPoolId}`]: await first.issueToken({
      tokenUse: 'id',
      username: 'ana',
    }),
  }
  const { IdentityPoolId } = { IdentityPoolId: first.identityPool.identityPoolId }
  const before = await within(first, async ({ idp, identity, s3 }) => {
    const { AuthenticationResult: tokens } = await idp.send(
      initiate(first, 'USER_PASSWORD_AUTH', { USERNAME: 'ana', PASSWORD: 'Passw0rd!' }),
    )
    const change = {
      AccessToken: tokens?.AccessToken,
      PreviousPassword: 'Passw0rd!',
      ProposedPassword: 'Passw0rd!2',
    }
    await idp.send(new ChangePasswordCommand(change))
    await idp.send(new AdminDeleteUserCommand({ UserPoolId: first.userPool.userPoolId, Username: 'ben' }))
    const { IdentityId } = await identity.send(new GetIdCommand({ IdentityPoolId, Logins: logins }))
    const { Token } = await identity.send(new GetOpenIdTokenCommand({ IdentityId, Logins: logins }))
    await s3.send(new PutObjectCommand({ Bucket: 'files', Key: '__proto__', Body: 'kept' }))
    return {
      refreshToken: tokens?.RefreshToken ?? '',
      identityId: IdentityId,
      token: Token ?? '',
      keys: first.jwks(),
    }
  })
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(folder), ['state.json'])

  const second = await start({ port, users: [{ username: 'carla', password: 'Passw0rd!' }] })
  assert.equal(second.userPool.clientId, clientId)
  assert.deepEqual(second.jwks(), before.keys)
  await within(second, async ({ idp, identity, s3 }) => {
    await idp.send(initiate(second, 'USER_PASSWORD_AUTH', { USERNAME: 'ana', PASSWORD: 'Passw0rd!2' }))
    await idp.send(initiate(second, 'USER_PASSWORD_AUTH', { USERNAME: 'carla', PASSWORD: 'Passw0rd!' }))
    await idp.send(initiate(second, 'REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: before.refreshToken }))
    await assert.rejects(
      idp.send(initiate(second, 'USER_PASSWORD_AUTH', { USERNAME: 'ben', PASSWORD: 'Passw0rd!' })),
      { name: 'NotAuthorizedException' },
    )
    // The token of the identity pool is taken by its own key, which is the old one too.
    const { IdentityId } = await identity.send(
      new GetIdCommand({ IdentityPoolId, Logins: { 'cognito-identity.amazonaws.com': before.token } }),
    )
    assert.equal(IdentityId, before.identityId)
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'files', Key: '__proto__' }))
    assert.equal(await Body?.transformToString(), 'kept')
  })
})

test('a reset empties the file too, and the sign-ins of a client that is gone are left out', async (t) => {
  const { start } = stage(t)
  const first = await start({ clients: [{ clientId: 'gone1' }] })
  const signIn = (local: LocalCognito) =>
    initiate(local, 'USER_PASSWORD_AUTH', { USERNAME: 'ana', PASSWORD: 'Passw0rd!' })
  await within(first, ({ idp }) => idp.send(signIn(first)))
  const second = await start({ clients: [{ clientId: 'new1' }] })
  const { AuthenticationResult } = await within(second, async ({ idp }) => {
    const result = await idp.send(signIn(second))
    await second.reset()
    return result
  })
  const third = await start({ clients: [{ clientId: 'new1' }] })
  const refresh = initiate(third, 'REFRESH_TOKEN_AUTH', {
    REFRESH_TOKEN: AuthenticationResult?.RefreshToken ?? '',
  })
  await within(third, ({ idp }) => assert.rejects(idp.send(refresh), { message: 'Invalid Refresh Token' }))
})

test('what changes is written without waiting for the end', async (t) => {
  const { file, start } = stage(t)
  const local = await start()
  const before = readFileSync(file, 'utf8')
  await within(local, async ({ s3 }) => {
    await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'a', Body: 'x' }))
    for (let tries = 0; readFileSync(file, 'utf8') === before; tries += 1) {
      assert.notEqual(tries, 600, 'nothing was written')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })
})

const refused = (shape: RegExp) => (error: Error & { code?: unknown }) => {
  assert.equal(error.code, 'ERR_COGNITO_CONFIGURATION')
  assert.match(error.message, /"persist"/)
  assert.match(error.message, shape)
  assert.doesNotMatch(error.message, /hunter2|PRIVATE/)
  return true
}

test('a file that is damaged is refused by name, stays as it is, and nothing of it is repeated', async (t) => {
  const { file, start } = stage(t)
  await (await start()).close()
  const whole = readFileSync(file, 'utf8')
  const saved = JSON.parse(whole)
  for (const damaged of [
    '',
    'hunter2',
    '[]',
    'null',
    '{}',
    whole.slice(0, -40),
    JSON.stringify({ ...saved, localCognito: 2 }),
    JSON.stringify({ ...saved, nodes: [] }),
    JSON.stringify({ ...saved, root: 'hunter2' }),
    JSON.stringify({ ...saved, keys: { ...saved.keys, id: 'hunter2' } }),
    JSON.stringify({ ...saved, clientIds: undefined }),
  ]) {
    writeFileSync(file, damaged)
    const started = start().then((local) => local.close())
    await assert.rejects(started, refused(/damaged|same user pool/))
    assert.equal(readFileSync(file, 'utf8'), damaged)
  }
  writeFileSync(file, whole)
  const other = start({ userPoolId: 'eu-west-1_Other' }).then((local) => local.close())
  await assert.rejects(other, refused(/same user pool/))
})

test('a file that cannot be written is refused at the start, and the server does not stay', async (t) => {
  const { folder, start } = stage(t)
  const nowhere = path.join(folder, 'no', 'state.json')
  await assert.rejects(
    start({ persist: nowhere }).then((local) => local.close()),
    refused(/read and written/),
  )
  assert.equal(existsSync(nowhere), false)
  await assert.rejects(
    start({ persist: folder }).then((local) => local.close()),
    refused(/read and written/),
  )
})
