import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needsChromium, setStage, type Stage, user } from './stage.ts'
import type { Visitor } from './visitor.ts'

async function call(
  { page }: Visitor,
  button: string,
): Promise<{ status: string; request: string; response: string }> {
  const answered = page.waitForResponse('**/api-page/call?**')
  await page.getByRole('button', { name: button }).click()
  await answered
  await page.getByRole('button', { name: button, disabled: false }).waitFor()
  const text = (id: string) => page.locator(`#${id}`).innerText()
  return { status: await text('status'), request: await text('request'), response: await text('response') }
}

describe('pages of the example app', needsChromium, () => {
  let stage: Stage
  before(async () => (stage = await setStage()))
  after(() => stage.close())

  test('the admin page is open to ana and a 403 page for ben', async () => {
    const ana = await stage.visitor()
    await ana.signIn(user('ana'), '/admin')
    assert.equal(await ana.heading, 'Administration')
    await ana.leave()

    const ben = await stage.visitor()
    await ben.open('/admin')
    await ben.answerLogin(user('ben'))
    await ben.page.waitForURL('**/admin')
    assert.equal(await ben.heading, 'Not allowed')
    assert.match(await ben.page.locator('.who').innerText(), /Ben Okafor/)
    await ben.leave({ refusals: ['403 /admin'] })
  })

  test('the API page shows what the API answers with a token, without one, and with the wrong one', async () => {
    const ben = await stage.visitor()
    await ben.signIn(user('ben'), '/api-page')
    const mine = await call(ben, 'With your access token')
    assert.equal(mine.status, '200 OK')
    assert.match(mine.request, /^Authorization: Bearer <your access token>$/m)
    assert.equal((JSON.parse(mine.response) as { username: string }).username, 'ben')
    const anonymous = await call(ben, 'Without a token')
    assert.equal(anonymous.status, '401 Unauthorized')
    assert.match(anonymous.response, /^WWW-Authenticate: Bearer realm="cognito"$/m)
    const wrong = await call(ben, 'With the ID token')
    assert.equal(wrong.status, '401 Unauthorized')
    assert.match(wrong.response, /error="invalid_token"/)
    assert.equal((await call(ben, 'For admins only')).status, '403 Forbidden')
    await ben.leave()
  })

  test('an address that nobody answers is a 404 page', async () => {
    const stranger = await stage.visitor()
    const response = await stranger.open('/nowhere')
    assert.equal(response.status(), 404)
    assert.equal(await stranger.heading, 'Not found')
    await stranger.leave({ refusals: ['404 /nowhere'] })
  })

  test('no page, script or answer holds a token, AWS credentials or a secret', async () => {
    const ana = await stage.visitor()
    await ana.signIn(user('ana'))
    const pages = [
      '/',
      '/account',
      '/files',
      '/files/look',
      '/guest',
      '/role',
      '/admin',
      '/api-page',
      '/sign-in-failed',
      '/nowhere',
    ]
    for (const path of pages) await ana.go(path)
    await ana.go('/api-page')
    await call(ana, 'With your access token')
    // The visitor's browser holds every answer against the patterns of a secret.
    const searched = await ana.leave({ refusals: ['401 /sign-in-failed', '404 /nowhere'] })
    for (const path of [...pages, '/api-page/call', '/api.js']) assert.ok(searched.has(path), path)
  })

  test('every page fits a narrow screen', async () => {
    const ana = await stage.visitor()
    await ana.signIn(user('ana'))
    for (const path of [
      '/',
      '/account',
      '/files',
      '/files/look?prefix=private/',
      '/guest',
      '/role',
      '/admin',
      '/api-page',
      '/nowhere',
    ]) {
      await ana.go(path)
      assert.equal(await ana.overflowAt(375), 0, path)
    }
    await ana.leave({ refusals: ['404 /nowhere'] })
  })

  test('no script of a page can read the session cookie', async () => {
    const ana = await stage.visitor()
    await ana.signIn(user('ana'))
    assert.equal(await ana.page.evaluate('document.cookie'), '')
    const [cookie] = (await ana.context.cookies(ana.url)).filter(({ name }) => name === 'example.sid')
    assert.equal(cookie?.httpOnly, true)
    assert.equal(cookie?.sameSite, 'Lax')
    await ana.leave()
  })
})
