import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { type ClassicCredentialsOptions, IdentityPool, type Logins } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana } from '../support/app.ts'

const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`

describe('the classic flow', () => {
  let local: LocalCognito
  let pool: IdentityPool
  let logins: Logins
  before(async () => {
    local = await startLocalCognito({
      users: [ana],
      groups: [{ name: 'admin' }],
      allowUnauthenticatedIdentities: true,
    })
    logins = {
      [`cognito-idp.us-east-1.amazonaws.com/${local.userPool.userPoolId}`]: await local.issueToken({
        username: 'ana',
        tokenUse: 'id',
      }),
    }
  })
  after(() => local.close())
  beforeEach(() => {
    pool = new IdentityPool(local.identityPool)
    local.requests.clear()
  })
  const roleArn = role('local-authenticated')
  const operations = [
    'GetId',
    'GetOpenIdToken',
    'AssumeRoleWithWebIdentity',
    'GetCredentialsForIdentity',
  ] as const
  const calls = () => operations.map((operation) => local.requests.count(operation))
  const callerOf = async (credentials: ConstructorParameters<typeof STSClient>[0]) =>
    (await new STSClient({ ...local.sts, ...credentials }).send(new GetCallerIdentityCommand({}))).Arn

  test('the OpenID token is the identity pool’s own: anybody can verify who it is about', async () => {
    const { identityId, token, expiration } = await pool.openIdToken(logins)
    const { payload } = await jwtVerify(
      token,
      createRemoteJWKSet(new URL('/.well-known/jwks_uri', local.url)),
      {
        issuer: 'https://cognito-identity.amazonaws.com',
        audience: local.identityPool.identityPoolId,
      },
    )
    assert.equal(payload.sub, identityId)
    assert.equal(expiration.getTime(), Number(payload.exp) * 1_000)
    assert.equal(await pool.identityId(logins), identityId)
    assert.deepEqual(calls(), [1, 1, 0, 0])
  })

  test('credentials come from STS, for the role and the time that the app asked for, and are kept', async () => {
    const options = { roleArn, durationSeconds: 900, sessionName: 'audit-7' }
    const credentials = await pool.classicCredentials(logins, options)
    assert.match((await callerOf({ credentials })) ?? '', /:assumed-role\/local-authenticated\/audit-7$/)
    const left = credentials.expiration.getTime() - Date.now()
    assert.ok(left > 880_000 && left <= 901_000, `${left} ms`)
    assert.equal(await pool.classicCredentials(logins, options), credentials)
    assert.deepEqual(calls(), [1, 1, 1, 0])
  })

  test('another policy or session name is another entry: none is given what was cut down, or opened, for another', async () => {
    const document = (Action: string) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })
    const [policy, sessionName] = [document('s3:GetObject'), 'audit-7']
    const wishes = [
      {},
      { policy },
      { policy: document('s3:PutObject') },
      { sessionName },
      { policy, sessionName },
    ]
    const ask = (wish: object) => pool.classicCredentials(logins, { roleArn, ...wish })
    const given = await Promise.all(wishes.map(ask))
    assert.equal(new Set(given.map((one) => one.accessKeyId)).size, wishes.length)
    assert.deepEqual(await Promise.all(wishes.map(ask)), given)
    assert.equal(calls()[2], wishes.length)
  })

  test('what both flows bring is kept apart', async () => {
    const classic = await pool.classicCredentials(logins, { roleArn })
    const enhanced = await pool.credentials(logins)
    assert.notEqual(classic.accessKeyId, enhanced.accessKeyId)
    assert.equal((await pool.credentials(logins)).accessKeyId, enhanced.accessKeyId)
  })

  test('the session is named after the identity where the app names none', async () => {
    const credentials = await pool.classicCredentials(logins, { roleArn })
    const [, guid] = credentials.identityId.split(':')
    assert.ok((await callerOf({ credentials }))?.endsWith(`/${guid}`))
  })

  test('another role, time, policy or name are other credentials, and none are those of the enhanced flow', async () => {
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
    })
    const ways: ClassicCredentialsOptions[] = [
      { roleArn },
      { roleArn, durationSeconds: 1_800 },
      { roleArn, policy },
      { roleArn, sessionName: 'named' },
    ]
    const all = await Promise.all(ways.map((options) => pool.classicCredentials(logins, options)))
    all.push(await pool.credentials(logins))
    assert.equal(new Set(all.map(({ accessKeyId }) => accessKeyId)).size, ways.length + 1)
    assert.equal(local.requests.count('GetId'), 1)
  })

  test('a guest goes this way only when asked for by name', async () => {
    const one = await pool.openIdToken()
    const two = await pool.openIdToken('guest')
    assert.notEqual(one.identityId, two.identityId)
    assert.equal((await pool.openIdToken('guest', { identityId: two.identityId })).identityId, two.identityId)
    const guest = { roleArn: role('local-unauthenticated'), identityId: two.identityId }
    const credentials = await pool.classicCredentials('guest', guest)
    assert.equal(credentials.identityId, two.identityId)
    assert.match((await callerOf({ credentials })) ?? '', /assumed-role\/local-unauthenticated\//)
  })

  for (const nothing of [undefined, null, {}, { provider: '' }]) {
    test(`no logins are no guest: ${JSON.stringify(nothing)}`, async () => {
      await assert.rejects(pool.openIdToken(nothing as never), { reason: 'no_identity' })
      await assert.rejects(pool.classicCredentials(nothing as never, { roleArn }), { reason: 'no_identity' })
      assert.deepEqual(calls(), [0, 0, 0, 0])
    })
  }

  test('a pool that does not allow it says so, and what goes instead', async () => {
    const strict = await startLocalCognito({
      users: [ana],
      groups: [{ name: 'admin' }],
      identityPool: { allowClassicFlow: false },
    })
    try {
      const key = `cognito-idp.us-east-1.amazonaws.com/${strict.userPool.userPoolId}`
      const own = { [key]: await strict.issueToken({ username: 'ana', tokenUse: 'id' }) }
      const refusal = new IdentityPool(strict.identityPool).openIdToken(own)
      await assert.rejects(refusal, (error: Error & { reason: string; status: number }) => {
        assert.deepEqual([error.reason, error.status], ['misconfigured', 500])
        assert.match(error.message, /AllowClassicFlow.*credentials\(\) uses the enhanced flow/)
        return true
      })
    } finally {
      await strict.close()
    }
  })

  test('a role that does not trust the pool is the operator’s fault, and the error says what the trust policy needs', async () => {
    const guestRole = pool.classicCredentials(logins, { roleArn: role('local-unauthenticated') })
    await assert.rejects(guestRole, (error: Error & { status: number }) => {
      assert.equal(error.status, 500)
      assert.match(error.message, /trust policy of the role must name this identity pool/)
      return true
    })
  })

  test('STS that fails is a 503', async () => {
    const heal = local.fail('AssumeRoleWithWebIdentity', { status: 500 })
    await assert.rejects(pool.classicCredentials(logins, { roleArn }), { status: 503 })
    heal()
  })

  const wrong: [string, object][] = [
    ['roleArn', {}],
    ['roleArn', { roleArn: 'admin' }],
    ['roleArn', { roleArn: 'arn:aws:iam::1:role/x' }],
    ['durationSeconds', { roleArn, durationSeconds: 60 }],
    ['durationSeconds', { roleArn, durationSeconds: '900' }],
    ['policy', { roleArn, policy: { Version: '2012-10-17' } }],
    ['sessionName', { roleArn, sessionName: 'with spaces' }],
    ['durationSecond', { roleArn, durationSecond: 900 }],
  ]
  for (const [name, options] of wrong) {
    test(`a wrong option is named and nothing is sent: ${JSON.stringify(options)}`, async () => {
      await assert.rejects(pool.classicCredentials(logins, options as never), (error: Error) => {
        assert.equal((error as { code?: string }).code, 'ERR_COGNITO_CONFIGURATION')
        assert.ok(error.message.includes(`"${name}"`), error.message)
        return true
      })
      assert.deepEqual(calls(), [0, 0, 0, 0])
    })
  }
})
