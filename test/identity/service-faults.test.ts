import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CognitoIdentityClient, DeleteIdentitiesCommand } from '@aws-sdk/client-cognito-identity'
import { type CredentialsOwner, IdentityPool, type Logins, UnavailableError } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana } from '../support/app.ts'
import {
  identityOf,
  identityPoolId,
  issued,
  provider,
  scriptedClient,
  serviceException,
} from './scripted-client.ts'

describe('faults of the service', () => {
  let local: LocalCognito
  let pool: IdentityPool
  let logins: Logins
  before(async () => {
    local = await startLocalCognito({
      users: [ana],
      groups: [{ name: 'admin' }],
      allowUnauthenticatedIdentities: true,
    })
    const idToken = await local.issueToken({ username: 'ana', tokenUse: 'id', expiresInSeconds: 86_400 })
    logins = { [`cognito-idp.us-east-1.amazonaws.com/${local.userPool.userPoolId}`]: idToken }
  })
  after(() => local.close())
  beforeEach(() => {
    pool = new IdentityPool(local.identityPool)
    local.requests.clear()
  })
  const calls = () => [local.requests.count('GetId'), local.requests.count('GetCredentialsForIdentity')]
  const owner = (): CredentialsOwner => ({
    issuer: 'https://idp.example.com',
    clientId: local.userPool.clientId,
    subject: 'ana',
    role: '',
  })

  for (const fault of [{ status: 500 }, 'throttle', 'garbage', 'reset'] as const) {
    test(`IC-16 IC-19 ${JSON.stringify(fault)} is one 503 for all who wait, after at most three attempts, and again for a second`, async () => {
      const heal = local.fail('GetId', fault)
      const asks = Array.from({ length: 20 }, () => pool.credentials(logins))
      for (const ask of asks) {
        await assert.rejects(ask, (error: UnavailableError) => {
          assert.equal(error.status, 503)
          assert.ok(Number(error.headers['Retry-After']) >= 1)
          return true
        })
      }
      assert.ok(local.requests.count('GetId') <= 3)
      local.requests.clear()
      await assert.rejects(pool.credentials(logins), UnavailableError)
      assert.deepEqual(calls(), [0, 0])
      heal()
      await sleep(1_050)
      await pool.credentials(logins)
      assert.deepEqual(calls(), [1, 1])
    })
  }

  test('IC-17 an identity that was deleted is asked for again, once, and the user gets their credentials', async () => {
    const { identityId } = await pool.credentials(logins, { owner: owner() })
    const admin = new CognitoIdentityClient({
      region: 'us-east-1',
      endpoint: local.url,
      credentials: local.awsCredentials,
    })
    await admin.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [identityId] }))
    pool.forget(owner())
    local.requests.clear()
    const again = await pool.credentials(logins, { owner: owner() })
    assert.notEqual(again.identityId, identityId)
    assert.deepEqual(calls(), [1, 2])
  })

  test('IC-17 a service that knows no identity, not even the one it has just named, is asked no more than that', async () => {
    const service = scriptedClient(({ operation }) => {
      if (operation === 'GetId') return { IdentityId: identityOf(1) }
      throw serviceException('ResourceNotFoundException')
    })
    const own = new IdentityPool({ identityPoolId, client: service.client })
    const provider = own.provider({ 'accounts.google.com': 'token' })
    await provider.identityId()
    await assert.rejects(provider(), { reason: 'identity_not_found', status: 403 })
    assert.deepEqual(
      service.calls.map(({ operation }) => operation),
      ['GetId', 'GetCredentialsForIdentity', 'GetId', 'GetCredentialsForIdentity'],
    )
  })

  test('IC-22 a user who is refused does not become a guest where guests are allowed', async () => {
    const idToken = await local.issueToken({ username: 'ana', tokenUse: 'id', claims: { aud: 'another' } })
    const refused = { [Object.keys(logins)[0] as string]: idToken }
    await assert.rejects(pool.credentials(refused), { status: 403, reason: 'refused' })
    assert.deepEqual(calls(), [1, 0])
  })

  const whole = issued('whole') as Record<string, unknown>
  const garbage: [string, unknown][] = [
    ['no credentials', undefined],
    ['no access key', { ...whole, AccessKeyId: undefined }],
    ['no secret key', { ...whole, SecretKey: undefined }],
    ['an empty session token', { ...whole, SessionToken: '' }],
    ['a secret key that is no text', { ...whole, SecretKey: 7 }],
    ['no expiration', { ...whole, Expiration: undefined }],
    ['an expiration that has passed', { ...whole, Expiration: new Date(0) }],
    ['an expiration that is a text', { ...whole, Expiration: '2100-01-01T00:00:00Z' }],
    ['an expiration that is no date', { ...whole, Expiration: new Date(Number.NaN) }],
    ['an expiration in a million years', { ...whole, Expiration: new Date(1e15) }],
  ]
  for (const [name, Credentials] of garbage) {
    test(`IC-19 ${name} is a 503 that is not kept, asked for once a second`, async () => {
      let broken = true
      const service = scriptedClient(({ operation }) => {
        if (operation === 'GetId') return { IdentityId: identityOf(1) }
        return { IdentityId: identityOf(1), Credentials: broken ? Credentials : issued('good') }
      })
      const own = new IdentityPool({ identityPoolId, client: service.client })
      const ask = () => own.credentials({ [provider]: 'token' })
      for (let time = 0; time < 5; time += 1) await assert.rejects(ask(), { status: 503 })
      assert.deepEqual([service.count('GetId'), service.count('GetCredentialsForIdentity')], [1, 1])
      broken = false
      await sleep(1_050)
      assert.equal((await ask()).accessKeyId, 'ASIA-good')
    })
  }

  for (const IdentityId of [undefined, '', 'no identity', 7, { a: 1 }]) {
    test(`IC-19 an identity that is none (${JSON.stringify(IdentityId)}) is a 503`, async () => {
      const service = scriptedClient(() => ({ IdentityId }))
      const own = new IdentityPool({ identityPoolId, client: service.client })
      await assert.rejects(own.credentials({ [provider]: 'token' }), UnavailableError)
      assert.equal(service.calls.length, 1)
    })
  }

  test('a client that never answers is a 503 within the time limit', async () => {
    const service = scriptedClient(() => new Promise(() => undefined))
    const own = new IdentityPool({ identityPoolId, client: service.client, timeoutMs: 100 })
    await assert.rejects(own.credentials({ [provider]: 'token' }), UnavailableError)
  })
})
