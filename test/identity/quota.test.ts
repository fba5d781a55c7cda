import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { IdentityPool, ownerOf } from '../../src/index.ts'
import { identityOf, identityPoolId, issued, provider, scriptedClient } from './scripted-client.ts'

test('new users who wait for the quota of GetId hold up nobody who has an identity', async () => {
  const lastHalfMinute = 30_000
  const { client, calls } = scriptedClient(({ operation }) => {
    const IdentityId = identityOf(calls.filter((call) => call.operation === 'GetId').length)
    if (operation === 'GetId') return { IdentityId }
    return { IdentityId, Credentials: issued(String(calls.length), lastHalfMinute) }
  })
  const requestsPerSecond = { GetId: 0.1 }
  const pool = new IdentityPool({
    identityPoolId,
    client,
    requestsPerSecond,
    maxConcurrency: 2,
    timeoutMs: 2_000,
  })
  const ask = (sub: string) =>
    pool.credentials({ [provider]: 'token' }, { owner: ownerOf({ iss: 'i', aud: 'c', sub }) })
  const first = await ask('ana')
  // New ones are kept for a second, however short they live.
  await sleep(1_050)
  const crowd = Promise.allSettled(Array.from({ length: 20 }, (_, index) => ask(`new-${index}`)))
  // In the last minute whoever asks waits for new ones.
  const renewed = await Promise.race([ask('ana'), sleep(1_000)])
  assert.ok(renewed)
  assert.notEqual(renewed.accessKeyId, first.accessKeyId)
  assert.ok((await crowd).every(({ status }) => status === 'rejected'))
  const asked = calls.map(({ operation }) => operation)
  assert.deepEqual(asked, ['GetId', 'GetCredentialsForIdentity', 'GetCredentialsForIdentity'])
})
