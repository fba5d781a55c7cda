import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needsChromium, setStage, type Stage, user } from './stage.ts'

describe('signing in to the example app', needsChromium, () => {
  let stage: Stage
  before(async () => (stage = await setStage()))
  after(() => stage.close())

  test('a visitor signs in, sees their verified claims, signs out, and is asked for the password again', async () => {
    const ana = await stage.visitor()
    await ana.open('/')
    await ana.page.getByRole('link', { name: 'Sign in' }).first().click()
    await ana.answerLogin(user('ana'))
    await ana.page.waitForURL('**/account')
    const claim = (name: string) =>
      ana.page
        .getByRole('row')
        .filter({ has: ana.page.getByText(name, { exact: true }) })
        .getByRole('cell')
    assert.equal(await claim('cognito:username').innerText(), 'ana')
    assert.equal(await claim('token_use').innerText(), 'id')
    assert.equal(await claim('email').innerText(), 'ana@example.com')
    assert.match(await claim('exp').innerText(), /^\d{10} \d{1,2} \w{3,4} \d{4}, \d{2}:\d{2} UTC$/)
    assert.match(await ana.page.locator('#identity').innerText(), /^us-east-1:[0-9a-f-]{36}$/)

    await ana.page.getByRole('button', { name: 'Sign out' }).click()
    await ana.page.waitForURL(`${ana.url}/`)
    await ana.go('/account')
    assert.equal(await ana.heading, 'Sign in')
    await ana.answerLogin(user('ana'))
    await ana.page.waitForURL('**/account')
    await ana.leave()
  })

  test('after signing out the back button shows nothing of the account', async () => {
    const ana = await stage.visitor()
    await ana.signIn(user('ana'))
    await ana.page.getByRole('button', { name: 'Sign out' }).click()
    await ana.page.waitForURL(`${ana.url}/`)
    await ana.page.goBack()
    assert.equal(await ana.heading, 'Sign in')
    await ana.leave()
  })

  test('carla must choose a new password, and is told what is wrong with a weak one', async () => {
    const carla = await stage.visitor()
    await carla.open('/account')
    await carla.answerLogin(user('carla'))
    const choose = async (password: string) => {
      await carla.page.getByLabel('New password', { exact: true }).fill(password)
      await carla.page.getByLabel('Repeat the new password').fill(password)
      await carla.page.getByRole('button', { name: 'Save and sign in' }).click()
    }
    assert.equal(await carla.heading, 'Choose a new password')
    await choose('weak')
    assert.match(await carla.page.getByRole('alert').innerText(), /Password not long enough/)
    await choose('Carla-Perman3nt')
    await carla.page.waitForURL('**/account')
    assert.match(await carla.page.locator('.who').innerText(), /Carla Neri/)

    await carla.page.getByRole('button', { name: 'Sign out' }).click()
    await carla.page.waitForURL(`${carla.url}/`)
    await carla.go('/account')
    await carla.answerLogin(user('carla'))
    assert.match(await carla.page.getByRole('alert').innerText(), /Incorrect username or password/)
    await carla.answerLogin({ username: 'carla', password: 'Carla-Perman3nt' })
    await carla.page.waitForURL('**/account')
    await carla.leave()
  })

  test('two tabs that sign in at once both end on their own page', async () => {
    const ana = await stage.visitor()
    await ana.open('/files')
    const files = ana.page
    await ana.open('/api-page')
    const api = ana.page
    ana.page = files
    await ana.answerLogin(user('ana'))
    await files.waitForURL('**/files')
    ana.page = api
    await ana.answerLogin(user('ana'))
    await api.waitForURL('**/api-page')
    await files.reload()
    assert.equal(await files.getByRole('heading', { level: 1 }).innerText(), 'Your files')
    await ana.leave()
  })

  test('the back button, a reload and the old callback address lead to no error page', async () => {
    const ana = await stage.visitor()
    await ana.open('/')
    const callbacks: string[] = []
    ana.page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/callback') callbacks.push(request.url())
    })
    await ana.page.getByRole('link', { name: 'Sign in' }).first().click()
    await ana.answerLogin(user('ana'))
    await ana.page.waitForURL('**/account')
    await ana.page.reload()
    assert.equal(await ana.heading, 'Your account')

    await ana.page.goBack()
    assert.equal(await ana.heading, 'Sign in')
    await ana.answerLogin(user('ana'))
    await ana.page.waitForURL((url) => url.origin === ana.url && url.pathname !== '/callback')
    assert.match(await ana.page.locator('.who').innerText(), /Ana Lima/)
    assert.equal(callbacks.length, 2)
    await ana.go(callbacks[0] ?? '')
    assert.match(await ana.page.locator('.who').innerText(), /Ana Lima/)
    await ana.leave()
  })

  test('the keyboard alone is enough to sign in', async () => {
    const ben = await stage.visitor()
    await ben.open('/')
    const { keyboard } = ben.page
    await keyboard.press('Tab')
    assert.equal(await ben.page.locator(':focus').innerText(), 'Skip to the content')
    for (let stops = 0; stops < 5; stops++) {
      await keyboard.press('Tab')
      if ((await ben.page.locator(':focus').innerText()) === 'Sign in') break
    }
    await keyboard.press('Enter')
    await ben.page.getByLabel('Username').waitFor()
    const { username, password } = user('ben')
    await keyboard.type(username)
    await keyboard.press('Tab')
    await keyboard.type(password)
    await keyboard.press('Enter')
    await ben.page.waitForURL('**/account')
    await ben.leave()
  })

  test('a callback that nobody started shows a page with a way to try again', async () => {
    const stranger = await stage.visitor()
    await stranger.open('/callback?code=made-up&state=made-up')
    assert.equal(await stranger.heading, 'Sign-in did not finish')
    await stranger.page.getByRole('link', { name: 'Try again' }).click()
    await stranger.answerLogin(user('ben'))
    await stranger.page.waitForURL('**/account')
    await stranger.leave({ refusals: ['401 /sign-in-failed'] })
  })
})
