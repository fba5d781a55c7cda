import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ana, ben, Browser, location, startApp, type TestApp } from '../support/app.ts'

describe('signing in with a browser', () => {
  let app: TestApp
  before(async () => (app = await startApp()))
  after(() => app.close())

  test('a person signs in, comes back to the page they wanted, and signs out of the app and of Cognito', async () => {
    const browser = new Browser(app)
    const refused = await browser.open('/account?tab=1')
    assert.equal(refused.status, 303)
    assert.equal(location(refused), `/login?returnTo=${encodeURIComponent('/account?tab=1')}`)

    const back = await browser.signIn(ana, location(refused))
    assert.equal(back.status, 303)
    assert.equal(location(back), '/account?tab=1')
    const claims = (await (await browser.open('/account')).json()) as Record<string, unknown>
    assert.equal(claims['cognito:username'], 'ana')
    assert.equal(claims['token_use'], 'id')

    const out = await browser.post('/logout')
    assert.equal(out.status, 303)
    const logoutUrl = new URL(location(out))
    assert.equal(`${logoutUrl.origin}${logoutUrl.pathname}`, `${app.local.url}/logout`)
    assert.deepEqual([...logoutUrl.searchParams.keys()], ['client_id', 'logout_uri'])
    assert.equal((await browser.open('/account')).status, 303)
  })

  test('two people act on AWS as two identities, each with their own credentials', async () => {
    const identities = await Promise.all(
      [ana, ben].map(async (user) => {
        const browser = new Browser(app)
        await browser.signIn(user)
        return (await (await browser.fetch('/identity')).json()) as {
          identityId: string
          accessKeyId: string
        }
      }),
    )
    assert.notEqual(identities[0]?.identityId, identities[1]?.identityId)
    assert.notEqual(identities[0]?.accessKeyId, identities[1]?.accessKeyId)
  })
})
