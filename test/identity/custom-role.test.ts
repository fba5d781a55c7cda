import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { type CognitoIdentityCredentials, IdentityPool, ownerOf, UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'

const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`
const ana = { username: 'ana', password: 'Passw0rd!', groups: ['editors', 'admins'] }
const ben = { username: 'ben', password: 'Passw0rd!', groups: ['editors'] }

describe('a role of one’s own choice', () => {
  let local: LocalCognito
  let pool: IdentityPool
  before(async () => {
    local = await startLocalCognito({
      users: [ana, ben],
      groups: [
        { name: 'editors', roleArn: role('editor'), precedence: 1 },
        { name: 'admins', roleArn: role('admin'), precedence: 2 },
      ],
    })
  })
  after(() => local.close())
  beforeEach(() => {
    pool = new IdentityPool(local.identityPool)
    local.requests.clear()
  })
  const calls = () => [local.requests.count('GetId'), local.requests.count('GetCredentialsForIdentity')]
  const key = () => `cognito-idp.us-east-1.amazonaws.com/${local.userPool.userPoolId}`
  const idToken = (username: string, claims = {}) => local.issueToken({ username, tokenUse: 'id', claims })
  async function ofUser(username: string) {
    const token = await idToken(username)
    const owner = ownerOf(await new UserPool(local.userPool).verify(token, { tokenUse: 'id' }))
    return { logins: { [key()]: token }, owner }
  }
  async function roleOf(credentials: CognitoIdentityCredentials) {
    const { Arn = '' } = await new STSClient({ ...local.sts, credentials }).send(
      new GetCallerIdentityCommand({}),
    )
    return Arn.split('/')[1]
  }

  test('the preferred role is the pool’s choice, and any other of the user’s groups may be asked for, per call', async () => {
    const { logins, owner } = await ofUser('ana')
    assert.equal(await roleOf(await pool.credentials(logins, { owner })), 'editor')
    assert.equal(
      await roleOf(await pool.credentials(logins, { owner, customRoleArn: role('admin') })),
      'admin',
    )
    assert.equal(await roleOf(await pool.credentials(logins, { owner })), 'editor')
    assert.deepEqual(calls(), [1, 2], 'each role is an entry of its own')
  })

  test('or for the whole pool', async () => {
    const admins = new IdentityPool({ ...local.identityPool, customRoleArn: role('admin') })
    const { logins, owner } = await ofUser('ana')
    assert.equal(await roleOf(await admins.credentials(logins, { owner })), 'admin')
    assert.equal(await roleOf(await admins.credentials(logins)), 'admin')
    const bens = await ofUser('ben')
    await assert.rejects(admins.credentials(bens.logins, { owner: bens.owner }), {
      reason: 'role_not_allowed',
    })
  })

  test('or by a provider for SDK clients', async () => {
    const { logins, owner } = await ofUser('ana')
    for (const provider of [pool.provider(logins), pool.provider(logins, { owner })]) {
      assert.equal(await roleOf(await provider.withRole(role('admin'))()), 'admin')
      assert.equal(await roleOf(await provider()), 'editor')
    }
  })

  for (const withOwner of [true, false]) {
    test(`IC-09 a role that is not the user’s is refused before anything is sent, ${withOwner ? 'by verified claims' : 'by the token'}`, async () => {
      const { logins, owner } = await ofUser('ben')
      const options = { customRoleArn: role('admin'), ...(withOwner && { owner }) }
      await assert.rejects(pool.credentials(logins, options), { reason: 'role_not_allowed', status: 403 })
      assert.deepEqual(calls(), [0, 0])
    })
  }

  test('IC-09 claims that people can write themselves choose no role', async () => {
    const token = await idToken('ben', {
      'custom:role': role('admin'),
      'custom:cognito:roles': [role('admin')],
    })
    const owner = ownerOf(await new UserPool(local.userPool).verify(token, { tokenUse: 'id' }))
    const logins = { [key()]: token }
    assert.equal(await roleOf(await pool.credentials(logins, { owner })), 'editor')
    await assert.rejects(pool.credentials(logins, { owner, customRoleArn: role('admin') }), {
      reason: 'role_not_allowed',
    })
  })

  test('a user whose groups change is another entry, so no role outlives its group', async () => {
    const before = await ofUser('ana')
    const first = await pool.credentials(before.logins, { owner: before.owner })
    const token = await idToken('ana', {
      'cognito:roles': [],
      'cognito:preferred_role': undefined,
      'cognito:groups': [],
    })
    const owner = ownerOf(await new UserPool(local.userPool).verify(token, { tokenUse: 'id' }))
    const second = await pool.credentials({ [key()]: token }, { owner })
    assert.notEqual(second.accessKeyId, first.accessKeyId)
    assert.equal(second.identityId, first.identityId)
    assert.equal(await roleOf(second), 'local-authenticated')
  })

  for (const customRoleArn of ['admin', 'arn:aws:iam::1:user/ana', '', ' ', 7, {}]) {
    test(`what is no role is a ConfigurationError: ${JSON.stringify(customRoleArn)}`, async () => {
      const { logins } = await ofUser('ana')
      const wrong = { customRoleArn: customRoleArn as string }
      await assert.rejects(pool.credentials(logins, wrong), { code: 'ERR_COGNITO_CONFIGURATION' })
      assert.throws(() => new IdentityPool({ ...local.identityPool, ...wrong }), /customRoleArn/)
      assert.deepEqual(calls(), [0, 0])
    })
  }

  test('claims without an issuer, client or subject are nobody’s', () => {
    for (const missing of ['iss', 'aud', 'sub'])
      assert.throws(() => ownerOf({ iss: 'i', aud: 'a', sub: 's', [missing]: undefined }), TypeError)
  })
})
