import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import {
  CredentialsError,
  type CredentialsOwner,
  IdentityPool,
  type Logins,
  UnavailableError,
} from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, ben } from '../support/app.ts'

describe('IdentityPool', () => {
  let local: LocalCognito
  let pool: IdentityPool
  before(async () => (local = await startLocalCognito({ users: [ana, ben], groups: [{ name: 'admin' }] })))
  after(() => local.close())
  beforeEach(() => {
    pool = new IdentityPool(local.identityPool)
    local.requests.clear()
  })

  const idToken = (username: string, claims: Record<string, unknown> = {}) =>
    local.issueToken({ username, tokenUse: 'id', claims, expiresInSeconds: 86_400 })
  const loginsOf = async (username: string, claims?: Record<string, unknown>): Promise<Logins> => ({
    [`cognito-idp.us-east-1.amazonaws.com/${local.userPool.userPoolId}`]: await idToken(username, claims),
  })
  const owner = (subject: string, role = '') => ({
    issuer: 'https://idp.example.com',
    clientId: local.userPool.clientId,
    subject,
    role,
  })
  const calls = () => [local.requests.count('GetId'), local.requests.count('GetCredentialsForIdentity')]
  test('logins become credentials that the AWS SDK signs with', async () => {
    const credentials = await pool.credentials(await loginsOf('ana'))
    const sts = new STSClient({ ...local.sts, credentials })
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}))
    assert.match(Arn ?? '', /:assumed-role\/[\w-]+\/CognitoIdentityCredentials$/)
    assert.match(credentials.identityId, /^us-east-1:[0-9a-f-]{36}$/)
    assert.ok(credentials.expiration instanceof Date)
  })

  for (const logins of [{}, undefined, null, { provider: '' }, { provider: undefined }]) {
    test(`no logins, no call: ${inspect(logins)}`, async () => {
      await assert.rejects(pool.credentials(logins as unknown as Logins), (error) => {
        assert.ok(error instanceof CredentialsError)
        assert.equal(error.reason, 'no_identity')
        return true
      })
      assert.deepEqual(calls(), [0, 0])
    })
  }

  test('the same tokens share an entry, other tokens of the same user do not, unless their owner is named', async () => {
    const first = await loginsOf('ana')
    await Promise.all([pool.credentials(first), pool.credentials({ ...first })])
    assert.deepEqual(calls(), [1, 1])
    await pool.credentials(await loginsOf('ana'))
    assert.deepEqual(calls(), [2, 2])
    await pool.credentials(await loginsOf('ana'), { owner: owner('sub-of-ana') })
    await pool.credentials(await loginsOf('ana'), { owner: owner('sub-of-ana') })
    assert.deepEqual(calls(), [3, 3])
  })

  test('another subject, client, issuer or role is another entry', async () => {
    const logins = await loginsOf('ana')
    const bens = await loginsOf('ben')
    const owners: [Logins, CredentialsOwner][] = [
      [logins, owner('one')],
      [bens, owner('two')],
      [logins, owner('one', 'admin')],
      [logins, { ...owner('one'), clientId: 'other' }],
      [logins, { ...owner('one'), issuer: 'other' }],
    ]
    for (const [proof, one] of owners) await pool.credentials(proof, { owner: one })
    // The identity does not depend on the role, so it is asked for once less.
    assert.deepEqual(calls(), [4, 5])
  })

  test('an owner without one of its parts is refused: two users without a subject would be one', async () => {
    const logins = await loginsOf('ana')
    for (const part of ['issuer', 'clientId', 'subject', 'role'] as const) {
      const incomplete = { ...owner('one', 'admin'), [part]: undefined as unknown as string }
      await assert.rejects(pool.credentials(logins, { owner: incomplete }), TypeError)
    }
    assert.deepEqual(calls(), [0, 0])
  })

  test('forget drops the credentials of a user in every role, and nobody else’s; identities stay known', async () => {
    const logins = { one: await loginsOf('ana'), two: await loginsOf('ben') }
    const asks: ['one' | 'two', string][] = [
      ['one', ''],
      ['one', 'admin'],
      ['two', ''],
    ]
    const all = async () => {
      for (const [who, role] of asks) await pool.credentials(logins[who], { owner: owner(who, role) })
    }
    await all()
    pool.forget(owner('one'))
    local.requests.clear()
    await all()
    assert.deepEqual(calls(), [0, 2])
  })

  test('an answer that was on its way when the user was forgotten is not kept', async () => {
    const logins = await loginsOf('ana')
    const waiting = pool.credentials(logins, { owner: owner('one') })
    pool.forget(owner('one'))
    await waiting
    local.requests.clear()
    await pool.credentials(logins, { owner: owner('one') })
    assert.deepEqual(local.requests.count('GetCredentialsForIdentity'), 1)
  })

  test('a token of another app client is refused with 403, what Cognito said and what to do, after one call', async () => {
    await assert.rejects(pool.credentials(await loginsOf('ana', { aud: 'another-client' })), (error) => {
      assert.ok(error instanceof CredentialsError)
      assert.equal(error.status, 403)
      assert.match(error.message, /not from a supported provider .*Add the user pool and this app client/)
      return true
    })
    assert.deepEqual(calls(), [1, 0])
  })

  test('IC-07 an access token is refused before anything is sent', async () => {
    const access = await loginsOf('ana', { token_use: 'access', aud: undefined })
    await assert.rejects(pool.credentials(access), { reason: 'access_token_only', status: 403 })
    assert.deepEqual(calls(), [0, 0])
  })

  test('a pool that does not exist is the operator’s fault: 500', async () => {
    const other = new IdentityPool({
      ...local.identityPool,
      identityPoolId: 'us-east-1:00000000-0000-4000-8000-00000000dead',
    })
    await assert.rejects(other.credentials(await loginsOf('ana')), {
      code: 'ERR_COGNITO_CREDENTIALS',
      reason: 'misconfigured',
      status: 500,
    })
  })

  test('a service that hangs is a 503 within the time limit', async () => {
    const impatient = new IdentityPool({ ...local.identityPool, timeoutMs: 200 })
    local.fail('GetId', 'hang', { times: 1 })
    await assert.rejects(impatient.credentials(await loginsOf('ana')), UnavailableError)
  })

  test('an own SDK client is used as it is', async () => {
    const client = new CognitoIdentityClient({ region: 'us-east-1', endpoint: local.url })
    let sent = 0
    client.middlewareStack.add((next) => (args) => (sent++, next(args)), { step: 'initialize' })
    const own = new IdentityPool({ identityPoolId: local.identityPool.identityPoolId, client })
    await own.credentials(await loginsOf('ben'))
    assert.equal(sent, 2)
  })
})
