import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { users } from '../../example-app/local-surroundings.ts'
import { totp } from '../user-pool/sign-in/totp.ts'
import { everyOwnPage } from './own-pages.ts'
import { needsChromium, setStage, type Stage, user } from './stage.ts'
import type { Visitor } from './visitor.ts'

const form = ({ username, password }: { username: string; password: string }) => ({
  'User name': username,
  Password: password,
})
/** The code in the marked box that stands in for a letter box. */
const arrived = ({ page }: Visitor) => page.locator('.mailbox dd').first().innerText()
const who = ({ page }: Visitor) => page.locator('.who').innerText()

describe("the example app's own form", needsChromium, () => {
  let stage: Stage
  before(async () => (stage = await setStage()))
  after(() => stage.close())

  /** Nothing here needs a script of the page. */
  async function visitor(path = '/sign-in'): Promise<Visitor> {
    const person = await stage.visitor({ javaScriptEnabled: false })
    await person.open(path)
    return person
  }

  test('the home page offers the managed login first and the own form second', async () => {
    const ana = await visitor('/')
    const offers = await ana.page.locator('.hero .actions a').allInnerTexts()
    assert.deepEqual(offers, ['Sign in', 'With our own form', 'Look around as a guest'])
    await ana.page.getByRole('link', { name: 'With our own form' }).click()
    await ana.submit(form(user('ana')), 'Sign in', '/account')
    assert.match(await who(ana), /Ana Lima/)
    await ana.go('/files')
    assert.equal(await ana.heading, 'Your files')
    await ana.signOut()
    await ana.leave()
  })

  test('a wrong password is said above the form, which keeps the name and not the password', async () => {
    const ana = await visitor()
    await ana.refused({ 'User name': 'ana', Password: 'wrong' }, 'Sign in', 'Incorrect username or password.')
    assert.equal(await ana.page.getByLabel('User name').inputValue(), 'ana')
    assert.equal(await ana.page.getByLabel('Password', { exact: true }).inputValue(), '')
    await ana.submit({ Password: user('ana').password }, 'Sign in', '/account')
    await ana.leave({ refusals: ['401 /sign-in'] })
  })

  test('dana enters a code of her app, remembers her device, and is not asked again on it, but is elsewhere', async () => {
    const dana = users.find(({ username }) => username === 'dana')
    const secret = dana?.mfa?.softwareToken?.secretCode ?? ''
    const first = await visitor()
    await first.page.getByRole('checkbox', { name: /Remember this device/ }).check()
    await first.submit(form(user('dana')), 'Sign in', '/sign-in/code')
    assert.match(await first.page.locator('.lead').innerText(), /Dana’s phone/)
    await first.refused({ Code: '12' }, 'Sign in', 'The code is wrong.')
    await first.submit({ Code: totp(secret) }, 'Sign in', '/account')
    await first.signOut()
    await first.go('/sign-in')
    await first.submit(form(user('dana')), 'Sign in', '/account')
    assert.match(await who(first), /Dana Weiss/)

    const second = await visitor()
    await second.submit(form(user('dana')), 'Sign in', '/sign-in/code')
    await second.leave()
    await first.leave({ refusals: ['401 /sign-in/code'] })
  })

  test('erik chooses between text message and e-mail, and finds the code in the marked box', async () => {
    const erik = await visitor()
    await erik.submit(form(user('erik')), 'Sign in', '/sign-in/choice')
    assert.deepEqual(await erik.page.locator('.form button').allInnerTexts(), [
      'With a code by text message',
      'With a code by e-mail',
    ])
    await erik.submit({}, 'With a code by e-mail', '/sign-in/code')
    assert.match(await erik.page.locator('.lead').innerText(), /by e-mail to e\*\*\*@e\*\*\*/)
    assert.match(await erik.page.locator('.mailbox').innerText(), /Local Cognito only/)
    await erik.submit({ Code: await arrived(erik) }, 'Sign in', '/account')
    await erik.leave()
  })

  test('carla must choose a new password, twice the same one and a good one, and signs in with it', async () => {
    const carla = await visitor()
    await carla.submit(form(user('carla')), 'Sign in', '/sign-in/new-password')
    const choose = (password: string, again = password) => ({
      'New password': password,
      'New password again': again,
    })
    const save = 'Save and sign in'
    await carla.refused(
      choose('Carla-Passw0rd', 'Carla-Passw1rd'),
      save,
      'The two passwords are not the same.',
    )
    await carla.refused(choose('short'), save, 'The password is not long enough.')
    await carla.submit(choose('Carla-Passw0rd'), save, '/account')
    await carla.signOut()
    await carla.go('/sign-in')
    await carla.submit(form({ username: 'carla', password: 'Carla-Passw0rd' }), 'Sign in', '/account')
    const path = '400 /sign-in/new-password'
    await carla.leave({ refusals: [path, path] })
  })

  test('ben signs in without his password, and with it among other ways', async () => {
    const ben = await visitor('/sign-in?returnTo=/files')
    await ben.submit({ 'User name': 'ben' }, 'Sign in another way', '/sign-in/choice')
    await ben.submit({}, 'With a code by e-mail', '/sign-in/code')
    await ben.submit({ Code: await arrived(ben) }, 'Sign in', '/files')
    await ben.signOut()
    await ben.go('/sign-in')
    await ben.submit({ 'User name': 'ben' }, 'Sign in another way', '/sign-in/choice')
    await ben.submit({}, 'With your password', '/sign-in/password')
    await ben.submit({ Password: user('ben').password }, 'Sign in', '/account')
    await ben.leave()
  })

  test('every page fits a narrow screen, has one heading, and a label for each of its fields', async () => {
    const own = await setStage()
    try {
      await everyOwnPage(own, async (visitor, name) => {
        assert.equal(await visitor.overflowAt(375), 0, name)
        assert.equal(await visitor.page.getByRole('heading', { level: 1 }).count(), 1, name)
        const fields = visitor.page.locator('main input:visible')
        for (const field of await fields.all()) {
          assert.equal(
            await field.evaluate(
              (input) => (input as unknown as { labels: { length: number } }).labels.length,
            ),
            1,
            name,
          )
        }
      })
    } finally {
      await own.close()
    }
  })
})
