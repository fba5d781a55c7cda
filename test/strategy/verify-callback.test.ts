import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CognitoUser } from '../../src/index.ts'
import { applyVerify } from '../../src/strategy/verify-callback.ts'

const user = { sub: 'ana' } as CognitoUser
const req = {} as Parameters<typeof applyVerify>[2]
const silent = {
  'returns a promise that never settles': () => new Promise(() => undefined),
  'takes done and never calls it': (_user: unknown, _req: unknown, _done: unknown) => undefined,
}

for (const [what, verify] of Object.entries(silent)) {
  test(`a verify callback that ${what} is a 503 after 30 seconds, not a person who waits for ever`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let ended = false
    const verdict = applyVerify(verify, user, req).finally(() => (ended = true))
    const refused = assert.rejects(verdict, { code: 'ERR_COGNITO_UNAVAILABLE', status: 503 })
    t.mock.timers.tick(29_999)
    await new Promise(setImmediate)
    assert.equal(ended, false)
    t.mock.timers.tick(1)
    await refused
  })
}

test('a verify callback that answers within the limit is heard', async () => {
  const slow = async () => new Promise((resolve) => setTimeout(() => resolve('ana'), 20))
  assert.deepEqual(await applyVerify(slow, user, req), { user: 'ana' })
})
