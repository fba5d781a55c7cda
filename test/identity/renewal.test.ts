import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, beforeEach, describe, mock, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { type CredentialsEvent, IdentityPool, UnavailableError } from '../../src/index.ts'
import { at, minutes, start } from './clock.ts'
import {
  identityOf,
  identityPoolId,
  issued,
  provider,
  scriptedClient,
  serviceException,
} from './scripted-client.ts'

const logins = { [provider]: 'id-token' }

describe('renewal', () => {
  let lifeMs = 60 * minutes
  let fault: Error | undefined
  const service = scriptedClient(({ operation }) => {
    if (fault) throw fault
    if (operation === 'GetId') return { IdentityId: identityOf(1) }
    return { IdentityId: identityOf(1), Credentials: issued(String(service.calls.length), lifeMs) }
  })
  const calls = () => [service.count('GetId'), service.count('GetCredentialsForIdentity')]
  const { client } = service

  beforeEach(() => {
    lifeMs = 60 * minutes
    fault = undefined
    service.calls.length = 0
    at(start)
  })
  afterEach(() => mock.timers.reset())

  const boundaries: [leftMs: number, renewed: boolean | undefined, served: 'old' | 'new'][] = [
    [300_001, false, 'old'],
    [300_000, false, 'old'],
    [210_000, true, 'old'],
    [60_001, true, 'old'],
    [60_000, true, 'new'],
    [1, true, 'new'],
    [0, true, 'new'],
    [-1, true, 'new'],
    [-86_400_000, true, 'new'],
  ]
  for (const [leftMs, renewed, served] of boundaries) {
    test(`IC-12 with ${leftMs} ms left the ${served} ones are given out${renewed ? ', and they are renewed' : ''}`, async () => {
      const pool = new IdentityPool({ identityPoolId, client })
      const first = await pool.credentials(logins)
      at(start + 60 * minutes - leftMs)
      const second = await pool.credentials(logins)
      await turn()
      assert.equal(second === first, served === 'old')
      assert.equal(service.count('GetCredentialsForIdentity'), renewed ? 2 : 1)
      assert.equal(service.count('GetId'), 1)
      if (renewed) {
        assert.notEqual(await pool.credentials(logins), first)
        assert.equal(service.count('GetCredentialsForIdentity'), 2)
      }
    })
  }

  for (const [share, leftMs] of [
    [0, 299_000],
    [0.5, 254_000],
    [0.999, 211_000],
  ] as const) {
    test(`IC-15 the moment of renewal is spread over a minute and a half: ${share}`, async () => {
      const random = mock.method(Math, 'random', () => share)
      try {
        const pool = new IdentityPool({ identityPoolId, client })
        await pool.credentials(logins)
        at(start + 60 * minutes - leftMs - 2_000)
        await pool.credentials(logins)
        await turn()
        assert.equal(service.count('GetCredentialsForIdentity'), 1)
        at(start + 60 * minutes - leftMs + 2_000)
        await pool.credentials(logins)
        await turn()
        assert.equal(service.count('GetCredentialsForIdentity'), 2)
      } finally {
        random.mock.restore()
      }
    })
  }

  test('IC-13 while the old ones are good the waits between attempts grow, up to half a minute', async () => {
    const random = mock.method(Math, 'random', () => 1)
    let tick = 0
    const clock = mock.method(performance, 'now', () => tick)
    try {
      const pool = new IdentityPool({ identityPoolId, client })
      await pool.credentials(logins)
      fault = serviceException('InternalErrorException')
      at(start + 57 * minutes)
      const attempts: number[] = []
      for (; tick < 120_000; tick += 500) {
        const before = service.calls.length
        await pool.credentials(logins)
        await turn()
        if (service.calls.length > before) attempts.push(tick)
      }
      const waits = attempts.slice(1).map((time, index) => time - (attempts[index] as number))
      assert.deepEqual(waits, [2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    } finally {
      random.mock.restore()
      clock.mock.restore()
    }
  })

  test('IC-13 while the renewal fails the old ones are given out, with an event, and after their end it is a 503', async () => {
    const seen: string[] = []
    const listen = (message: unknown) => seen.push((message as CredentialsEvent).type)
    subscribe('passport-cognito-identity:credentials', listen)
    try {
      const pool = new IdentityPool({ identityPoolId, client })
      const first = await pool.credentials(logins)
      fault = serviceException('InternalErrorException')
      at(start + 57 * minutes)
      assert.equal(await pool.credentials(logins), first)
      await turn()
      // Less than a minute left, and the wait after the failure is not over: no further attempt.
      at(start + 59.5 * minutes)
      assert.equal(await pool.credentials(logins), first)
      assert.deepEqual(calls(), [1, 2])
      at(start + 60 * minutes)
      await assert.rejects(pool.credentials(logins), UnavailableError)
      assert.deepEqual(seen, ['loaded', 'failed', 'served_while_renewal_fails'])
    } finally {
      unsubscribe('passport-cognito-identity:credentials', listen)
    }
  })

  test('IC-13 a pool whose roles were taken away is no reason to take good credentials from anybody', async () => {
    const pool = new IdentityPool({ identityPoolId, client })
    const first = await pool.credentials(logins)
    fault = serviceException('InvalidIdentityPoolConfigurationException')
    at(start + 59.5 * minutes)
    assert.equal(await pool.credentials(logins), first)
    at(start + 60 * minutes)
    await assert.rejects(pool.credentials(logins), { reason: 'misconfigured' })
  })

  test('IC-11 a user who is refused at the renewal loses what is cached at once, after one call', async () => {
    const pool = new IdentityPool({ identityPoolId, client })
    await pool.credentials(logins)
    fault = serviceException('NotAuthorizedException', 'User is disabled.')
    at(start + 59.5 * minutes)
    await assert.rejects(pool.credentials(logins), { status: 403, reason: 'refused' })
    assert.deepEqual(calls(), [1, 2])
    fault = undefined
    await pool.credentials(logins)
    assert.deepEqual(calls(), [2, 3], 'the next ask starts from GetId')
  })

  test('credentials that live for seconds only are kept for one, and not fetched at every ask', async () => {
    lifeMs = 30_000
    const pool = new IdentityPool({ identityPoolId, client })
    const first = await pool.credentials(logins)
    for (let time = 0; time < 20; time += 1) assert.equal(await pool.credentials(logins), first)
    assert.deepEqual(calls(), [1, 1])
    at(start + 1_001)
    assert.notEqual(await pool.credentials(logins), first)
    assert.deepEqual(calls(), [1, 2])
  })

  test('after an outage that outlasts the credentials a user waits no longer than a new one', async () => {
    const random = mock.method(Math, 'random', () => 0.99)
    let tick = 0
    const clock = mock.method(performance, 'now', () => tick)
    try {
      const pool = new IdentityPool({ identityPoolId, client })
      await pool.credentials(logins)
      fault = serviceException('InternalErrorException')
      for (; tick < 61 * minutes; tick += 5_000) await pool.credentials(logins).catch(() => undefined)
      fault = undefined
      tick += 1_000
      assert.ok((await pool.credentials(logins)).accessKeyId)
    } finally {
      random.mock.restore()
      clock.mock.restore()
    }
  })

  test('a merge gives the user another identity, which is the one that counts from then on', async () => {
    const merged = scriptedClient(({ operation, input }) => {
      if (operation === 'GetId') return { IdentityId: identityOf(1) }
      return { IdentityId: identityOf(2), Credentials: issued(String(input['IdentityId'])) }
    })
    const pool = new IdentityPool({ identityPoolId, client: merged.client })
    assert.equal((await pool.credentials(logins)).identityId, identityOf(2))
    assert.equal(await pool.identityId(logins), identityOf(2))
    at(start + 59.5 * minutes)
    assert.equal((await pool.credentials(logins)).accessKeyId, `ASIA-${identityOf(2)}`)
  })

  test('FL-06 a clock that is set back a day gives no credentials a longer life', async () => {
    const tick = mock.method(performance, 'now', () => 0)
    try {
      const pool = new IdentityPool({ identityPoolId, client })
      await pool.credentials(logins)
      at(start - 24 * 60 * minutes)
      await pool.credentials(logins)
      assert.deepEqual(calls(), [1, 1])
      tick.mock.mockImplementation(() => 61 * minutes)
      await pool.credentials(logins)
      assert.deepEqual(calls(), [1, 2])
    } finally {
      tick.mock.restore()
    }
  })
})
