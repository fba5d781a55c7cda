import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { IdentityPool, type Logins } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, ben } from '../support/app.ts'

describe('guests', () => {
  let local: LocalCognito
  let pool: IdentityPool
  before(async () => {
    local = await startLocalCognito({
      users: [ana, ben],
      groups: [{ name: 'admin' }],
      allowUnauthenticatedIdentities: true,
    })
  })
  after(() => local.close())
  beforeEach(() => {
    pool = new IdentityPool(local.identityPool)
    local.requests.clear()
  })
  const loginsOf = async (username: string): Promise<Logins> => ({
    [`cognito-idp.us-east-1.amazonaws.com/${local.userPool.userPoolId}`]: await local.issueToken({
      username,
      tokenUse: 'id',
    }),
  })
  const calls = () => [local.requests.count('GetId'), local.requests.count('GetCredentialsForIdentity')]

  test('every visitor is a guest of their own', async () => {
    const guests = await Promise.all(Array.from({ length: 20 }, () => pool.guestCredentials()))
    assert.equal(new Set(guests.map(({ identityId }) => identityId)).size, 20)
    assert.equal(new Set(guests.map(({ accessKeyId }) => accessKeyId)).size, 20)
  })

  test('a guest who is known is the same guest, from the cache and from another process', async () => {
    const { identityId, accessKeyId } = await pool.guestCredentials()
    assert.equal((await pool.guestCredentials({ identityId })).accessKeyId, accessKeyId)
    assert.deepEqual(calls(), [1, 1])
    const elsewhere = await new IdentityPool(local.identityPool).guestCredentials({ identityId })
    assert.equal(elsewhere.identityId, identityId)
    assert.deepEqual(calls(), [1, 2])
  })

  test('every guest has credentials of their own in the classic flow too, and keeps them', async () => {
    const roleArn = 'arn:aws:iam::000000000000:role/local-unauthenticated'
    const ids = [await pool.guestCredentials(), await pool.guestCredentials()].map((one) => one.identityId)
    const ask = (identityId: string) => pool.classicCredentials('guest', { identityId, roleArn })
    const given = await Promise.all(ids.map(ask))
    assert.deepEqual(
      given.map(({ identityId }) => identityId),
      ids,
    )
    assert.notEqual(given[0]?.accessKeyId, given[1]?.accessKeyId)
    assert.deepEqual(await Promise.all(ids.map(ask)), given)
    assert.notEqual((await pool.guestCredentials({ identityId: ids[0] })).accessKeyId, given[0]?.accessKeyId)
  })

  test('the AWS SDK signs with them, in the role of guests', async () => {
    const credentials = await pool.guestCredentials()
    const { Arn } = await new STSClient({ ...local.sts, credentials }).send(new GetCallerIdentityCommand({}))
    assert.match(Arn ?? '', /assumed-role\/local-unauthenticated\//)
  })

  for (const identityId of [
    '',
    'nobody',
    'us-east-1',
    'eu-west-1:10ca1000-0000-4000-8000-000000000001',
    'us-east-1:10ca1000-0000-4000-8000-000000000001:more',
    'us-east-1:x10ca1000-0000-4000-8000-000000000001',
    'us-east-1:10ca1000-0000-4000-8000-000000000001x',
    7,
    null,
    {},
    '__proto__',
  ]) {
    test(`what is no identity of this pool is refused, and nothing is sent: ${JSON.stringify(identityId)}`, async () => {
      await assert.rejects(pool.guestCredentials({ identityId: identityId as string }), {
        reason: 'identity_not_found',
        status: 403,
      })
      assert.deepEqual(calls(), [0, 0])
    })
  }

  test('a user’s identity is no guest’s: who knows its id gets nothing', async () => {
    const { identityId } = await pool.credentials(await loginsOf('ana'))
    await assert.rejects(new IdentityPool(local.identityPool).guestCredentials({ identityId }), {
      reason: 'refused',
    })
  })

  test('a guest who signs in stays who they are, and nobody gets in as that guest any more', async () => {
    const guest = await pool.guestCredentials()
    const logins = await loginsOf('ben')
    const user = await pool.upgradeGuest(guest.identityId, logins)
    assert.equal(user.identityId, guest.identityId)
    assert.notEqual(user.accessKeyId, guest.accessKeyId)
    local.requests.clear()
    assert.equal((await pool.credentials(logins)).accessKeyId, user.accessKeyId)
    assert.deepEqual(calls(), [0, 0])
    await assert.rejects(pool.guestCredentials({ identityId: guest.identityId }), { reason: 'refused' })
  })

  test('a guest who signs in and is known already becomes the user they are', async () => {
    const logins = await loginsOf('ana')
    const { identityId } = await pool.credentials(logins)
    const guest = await pool.guestCredentials()
    const user = await new IdentityPool(local.identityPool).upgradeGuest(guest.identityId, logins)
    assert.ok([identityId, guest.identityId].includes(user.identityId))
    assert.equal((await new IdentityPool(local.identityPool).credentials(logins)).identityId, user.identityId)
  })

  test('a guest that never was, or is another user by now, keeps nobody from signing in, and gives nobody that user’s identity', async () => {
    const logins = await loginsOf('ana')
    const own = await pool.credentials(logins)
    const other = await pool.credentials(await loginsOf('ben'))
    const gone = 'us-east-1:00000000-0000-4000-8000-00000000dead'
    for (const guestId of [gone, other.identityId, 'garbage']) {
      const user = await new IdentityPool(local.identityPool).upgradeGuest(guestId, logins)
      assert.equal(user.identityId, own.identityId)
    }
  })

  test('an upgrade that cannot be asked for is a 503, and not the user without their guest', async () => {
    const guest = await pool.guestCredentials()
    local.fail('GetCredentialsForIdentity', { status: 500 }, { times: 3 })
    await assert.rejects(pool.upgradeGuest(guest.identityId, await loginsOf('ana')), { status: 503 })
  })

  test('where the pool allows no guests, the error says which setting that is', async () => {
    const strict = await startLocalCognito({ users: [ana], groups: [{ name: 'admin' }] })
    try {
      await assert.rejects(new IdentityPool(strict.identityPool).guestCredentials(), (error: Error) => {
        assert.match(error.message, /AllowUnauthenticatedIdentities/)
        return true
      })
    } finally {
      await strict.close()
    }
  })
})
