import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, mock, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { IdentityPool } from '../../src/index.ts'
import { at, minutes, start } from './clock.ts'
import {
  identityOf,
  identityPoolId,
  issued,
  ownerNumber,
  provider,
  scriptedClient,
} from './scripted-client.ts'

const logins = { [provider]: 'id-token' }
const fast = { requestsPerSecond: { GetId: 100_000, others: 100_000 } }

describe('renewal, at any time and of a crowd', () => {
  let lifeMs = 60 * minutes
  const service = scriptedClient(({ operation }) => {
    if (operation === 'GetId') return { IdentityId: identityOf(1) }
    return { IdentityId: identityOf(1), Credentials: issued(String(service.calls.length), lifeMs) }
  })
  const { client } = service

  beforeEach(() => {
    lifeMs = 60 * minutes
    service.calls.length = 0
    at(start)
  })
  afterEach(() => mock.timers.reset())

  test('IC-12 at any moment credentials that are given have not expired, and from five minutes before they are renewed', async () => {
    const pair = fc.record({
      life: fc.integer({ min: 1_000, max: 12 * 60 * minutes }),
      edge: fc.constantFrom(0, 60_000, 210_000, 300_000),
      off: fc.oneof(
        fc.integer({ min: -1_000, max: 1_000 }),
        fc.integer({ min: -60 * minutes, max: 60 * minutes }),
      ),
    })
    await fc.assert(
      fc.asyncProperty(pair, async ({ life, edge, off }) => {
        at(start)
        service.calls.length = 0
        lifeMs = life
        const pool = new IdentityPool({ identityPoolId, client, ...fast })
        const first = await pool.credentials(logins, { owner: ownerNumber(1) })
        const passed = Math.max(0, life - edge + off)
        at(start + passed)
        lifeMs = 60 * minutes
        const second = await pool.credentials(logins, { owner: ownerNumber(1) })
        await turn()
        const left = life - passed
        assert.ok(second.expiration.getTime() > Date.now())
        assert.equal(service.count('GetId'), 1)
        const renewed = service.count('GetCredentialsForIdentity') === 2
        if (left >= 300_000) assert.ok(!renewed, `renewed with ${left} ms left`)
        // Those that live for seconds only are kept for one all the same.
        const young = passed < 1_000
        if (left <= 210_000 && !young) assert.ok(renewed, `not renewed with ${left} ms left`)
        // In good time the old ones are given out while the renewal is under way; at the end it is waited for.
        if (!young) assert.equal(second.accessKeyId === first.accessKeyId, left > 60_000)
        if (renewed)
          assert.notEqual(
            (await pool.credentials(logins, { owner: ownerNumber(1) })).accessKeyId,
            first.accessKeyId,
          )
      }),
      { numRuns: 1_000, seed: 12 },
    )
  })

  test('IC-15 a thousand users whose credentials expire together are renewed once each, spread over a minute and more', async () => {
    const starts: number[] = []
    const crowd = scriptedClient(async ({ operation, input }) => {
      const identity =
        (input['IdentityId'] as string | undefined) ?? Object.values(input['Logins'] as object)[0]
      if (operation === 'GetId') return { IdentityId: identity as string }
      starts.push(Date.now())
      await turn()
      return { IdentityId: identity as string, Credentials: issued(String(identity)) }
    })
    const pool = new IdentityPool({ identityPoolId, client: crowd.client, ...fast })
    const users = Array.from({ length: 1_000 }, (_, user) => ({
      owner: ownerNumber(user),
      login: identityOf(user),
    }))
    const everybody = () =>
      Promise.all(users.map(({ owner, login }) => pool.credentials({ [provider]: login }, { owner })))
    await everybody()
    crowd.clear()
    starts.length = 0
    for (let second = 0; second <= 6 * 60; second += 10) {
      at(start + 54 * minutes + second * 1_000)
      await everybody()
      await crowd.settled()
    }
    assert.deepEqual([crowd.count('GetId'), crowd.count('GetCredentialsForIdentity')], [0, 1_000])
    assert.ok(crowd.mostAtOnce() <= 50, `${crowd.mostAtOnce()} calls at once`)
    const spread = Math.max(...starts) - Math.min(...starts)
    assert.ok(spread >= 60_000, `all within ${spread} ms`)
    assert.ok(Math.max(...starts) < start + 57 * minutes)
  })
})
