import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser, startApp, type TestApp } from '../support/app.ts'

const users = Array.from({ length: 200 }, (_, index) => ({
  username: `user-${index}`,
  password: 'Passw0rd!',
}))

describe('many people at once', () => {
  let app: TestApp
  // All of them wait for each other in one process, on a busy machine for longer than the default.
  const patient = { timeoutMs: 60_000 }
  before(async () => (app = await startApp({ local: { users }, userPool: patient, identityPool: patient })))
  after(() => app.close())

  test('200 users who sign in at once have 200 sessions and 200 identities, none mixed', async () => {
    const seen = await Promise.all(
      users.map(async (user) => {
        const browser = new Browser(app)
        await browser.signIn(user)
        const [account, identity] = await Promise.all([browser.fetch('/account'), browser.fetch('/identity')])
        const claims = (await account.json()) as Record<string, string>
        assert.equal(claims['cognito:username'], user.username)
        const { identityId } = (await identity.json()) as { identityId: string }
        const again = (await (await browser.fetch('/account')).json()) as Record<string, string>
        assert.equal(again['sub'], claims['sub'])
        return { sub: claims['sub'], identityId, cookie: browser.cookie() }
      }),
    )
    for (const name of ['sub', 'identityId', 'cookie'] as const) {
      assert.equal(new Set(seen.map((one) => one[name])).size, 200)
    }
    assert.equal(app.local.requests.count('token'), 200)
    assert.equal(app.local.requests.count('GetCredentialsForIdentity'), 200)
  })
})
