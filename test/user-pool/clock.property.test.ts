import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ConfigurationError, InvalidTokenError, UserPool } from '../../src/index.ts'
import { accessClaims, createSigner } from './signer.ts'

const signer = createSigner('key1')
const good = {
  userPoolId: 'eu-west-1_AbCdEf123',
  clientId: '4ifa83b1k2example9c0d1e2f3',
  fetch: async () => Response.json({ keys: [signer.jwk] }),
}
const EPOCH = 1_800_000_000

/** Seconds around a bound: on it, beside it, and far away. */
const around = fc.oneof(
  fc.constantFrom(-61, -60, -59, -6, -5, -4, -1, 0, 1, 4, 5, 6, 59, 60, 61),
  fc.integer({ min: -70, max: 70 }),
  fc.integer({ min: -100_000, max: 100_000 }),
)
const milliseconds = fc.constantFrom(0, 0, 0, 1, 500, 999)
/** When the token is looked at: seconds from `exp` or from `nbf`, and milliseconds. */
const moment = fc.record({ from: fc.constantFrom('exp', 'nbf'), seconds: around, milliseconds })
const validity = fc.record({
  nbf: fc.option(fc.integer({ min: -200, max: 200 }), { nil: undefined, freq: 6 }),
  exp: fc.integer({ min: -200, max: 200 }),
  moments: fc.array(moment, { minLength: 3, maxLength: 3 }),
})

for (const graceSeconds of [0, 5, 60]) {
  test(`BV-24 with a grace of ${graceSeconds} s a token is taken iff nbf − grace ≤ now ≤ exp + grace (1,000 clocks, seeded)`, async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: EPOCH * 1_000 })
    const userPool = new UserPool({ ...good, graceSeconds })
    const seen = { taken: 0, expired: 0, not_yet_valid: 0 }
    await fc.assert(
      fc.asyncProperty(validity, async ({ nbf, exp, moments }) => {
        const times = { exp: EPOCH + exp, ...(nbf !== undefined && { nbf: EPOCH + nbf }) }
        const token = signer.sign(accessClaims(userPool, times))
        // One token at several times, in no order: what was found out before is worth nothing afterwards.
        for (const { from, seconds, milliseconds } of moments) {
          const bound = (from === 'nbf' ? times.nbf : undefined) ?? times.exp
          const now = bound * 1_000 + seconds * 1_000 + milliseconds
          t.mock.timers.setTime(now)
          const early = times.nbf !== undefined && now < (times.nbf - graceSeconds) * 1_000
          const late = now > (times.exp + graceSeconds) * 1_000
          const outcome = await judge(userPool, token)
          assert.equal(
            outcome === 'taken',
            !early && !late,
            `${outcome} at ${now} with ${JSON.stringify(times)}`,
          )
          if (outcome === 'expired') assert.ok(late)
          if (outcome === 'not_yet_valid') assert.ok(early)
          seen[outcome] += 1
        }
      }),
      { seed: 24, numRuns: 334 },
    )
    for (const [outcome, count] of Object.entries(seen)) assert.ok(count > 50, `${outcome}: ${count}`)
  })
}

async function judge(userPool: UserPool, token: string): Promise<'taken' | 'expired' | 'not_yet_valid'> {
  try {
    await userPool.verify(token, { tokenUse: 'access' })
    return 'taken'
  } catch (error) {
    assert.ok(error instanceof InvalidTokenError, String(error))
    assert.ok(error.reason === 'expired' || error.reason === 'not_yet_valid', error.reason)
    return error.reason
  }
}

test('BV-24 the grace is capped at 300 seconds, at construction', () => {
  assert.ok(new UserPool({ ...good, graceSeconds: 300 }))
  for (const graceSeconds of [300.001, 301, 3_600])
    assert.throws(() => new UserPool({ ...good, graceSeconds }), ConfigurationError)
})
