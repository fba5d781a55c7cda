import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noRedis } from '../../support/redis.ts'
import { runChaos } from './run.ts'

/** Long for a test, and about the package rather than the Node that runs it: once is enough. */
const skip = process.env['CHAOS'] === 'off' ? 'CHAOS=off: another run of the suite has it' : noRedis
const none = {
  crashes: 0,
  wronglySignedOut: 0,
  wrongUser: 0,
  wrongStatus: 0,
  outlived: 0,
  hung: 0,
  notWell: 0,
}

test(
  'FL-09 RX-02 whatever dies or stands still, nobody is somebody else, and nobody is signed out who did not ask for it',
  { skip },
  async () => {
    const figures = await runChaos({ seconds: 60, users: 100, crowd: 16, speed: 15, disturbed: true })
    const { crashes, wronglySignedOut, wrongUser, wrongStatus, outlived, hung, notWell } = figures
    const found = { crashes, wronglySignedOut, wrongUser, wrongStatus, outlived, hung, notWell }
    assert.deepEqual(found, none, JSON.stringify(figures, null, 2))
    assert.ok(figures.cognito.refreshes > 0 && figures.cognito.GetCredentialsForIdentity > 0)
    assert.ok(Object.values(figures.events).length > 1)
  },
)

test('RX-02 in a calm run Cognito is asked no more often than it must be', { skip }, async () => {
  const figures = await runChaos({ seconds: 15, users: 40, crowd: 16, speed: 30, disturbed: false })
  const { cognito, crashes, wronglySignedOut, wrongUser, wrongStatus, outlived, hung, notWell } = figures
  const found = { crashes, wronglySignedOut, wrongUser, wrongStatus, outlived, hung, notWell }
  assert.deepEqual(found, none, JSON.stringify(figures, null, 2))
  assert.ok(cognito.refreshes > 0)
  assert.ok(cognito.earlyRefreshes <= cognito.refreshes / 100, JSON.stringify(cognito))
  assert.ok(cognito.earlyFetches <= cognito.GetCredentialsForIdentity / 100, JSON.stringify(cognito))
})
