import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { totp } from '../user-pool/sign-in/totp.ts'
import { needsChromium, setStage, type Stage, user } from './stage.ts'
import type { Visitor } from './visitor.ts'

const form = (username: string, password: string) => ({ 'User name': username, Password: password })
const chosen = (password: string, again = password) => ({
  'New password': password,
  'New password again': again,
})
const arrived = ({ page }: Visitor) => page.locator('.mailbox dd').first().innerText()
const notice = ({ page }: Visitor) => page.getByRole('status').innerText()

describe('an account, from sign-up to a forgotten password', needsChromium, () => {
  let stage: Stage
  before(async () => (stage = await setStage()))
  after(() => stage.close())

  async function visitor(path: string): Promise<Visitor> {
    const person = await stage.visitor({ javaScriptEnabled: false })
    await person.open(path)
    return person
  }

  test('ida signs up, confirms, sets up an authenticator app, signs in with it, and is then remembered', async () => {
    const password = 'Ida-Passw0rd'
    const ida = await visitor('/sign-in')
    await ida.page.getByRole('link', { name: 'Create one' }).click()
    const account = { 'User name': 'ida', 'E-mail address': 'ida@example.com' }
    const create = 'Create the account'
    await ida.refused({ ...account, ...chosen(password, 'Ida-Passw1rd') }, create, 'not the same')
    await ida.refused(chosen('ida-passw0rd'), create, 'Password must have uppercase characters.')
    assert.equal(await ida.page.getByLabel('E-mail address').inputValue(), 'ida@example.com')
    await ida.submit(chosen(password), create, '/sign-up/confirm')
    assert.match(await notice(ida), /We have sent you a code/)

    // Nobody signs in to it before: the form leads back to here.
    await ida.go('/sign-in')
    await ida.submit(form('ida', password), 'Sign in', '/sign-up/confirm')
    await ida.refused({ Code: '000000' }, 'Confirm', 'The code is wrong or has expired.')
    await ida.submit({}, 'Send a new code', '/sign-up/confirm')
    await ida.submit({ Code: await arrived(ida) }, 'Confirm', '/sign-in')
    assert.match(await notice(ida), /Your account is confirmed/)
    assert.equal(await ida.page.getByLabel('User name').inputValue(), 'ida')
    await ida.submit({ Password: password }, 'Sign in', '/account')

    await ida.go('/security')
    await ida.submit({}, 'Set it up', '/security/authenticator')
    const secret = (await ida.page.locator('#totp-key').innerText()).replaceAll(' ', '')
    await ida.submit({ 'The code that it shows': totp(secret) }, 'Turn it on', '/security')
    await ida.signOut()

    await ida.go('/sign-in')
    await ida.page.getByRole('checkbox').check()
    await ida.submit(form('ida', password), 'Sign in', '/sign-in/code')
    await ida.submit({ Code: totp(secret, 1) }, 'Sign in', '/account')
    await ida.signOut()
    await ida.go('/sign-in')
    await ida.submit(form('ida', password), 'Sign in', '/account')
    await ida.leave({ refusals: ['400 /sign-up', '400 /sign-up', '401 /sign-up/confirm'] })
  })

  test('a name that is taken is said, and a sign-up that fails creates nothing', async () => {
    const other = await visitor('/sign-up')
    const fields = { 'User name': 'ana', 'E-mail address': 'other@example.com', ...chosen('Other-Passw0rd') }
    await other.refused(fields, 'Create the account', 'This user name is taken.')
    await other.leave({ refusals: ['409 /sign-up'] })
  })

  test('ben has forgotten his password, and chooses a new one with the code that he was sent', async () => {
    const ben = await visitor('/sign-in')
    await ben.page.getByRole('link', { name: 'Forgotten it?' }).click()
    await ben.submit({ 'User name': 'ben' }, 'Send a code', '/forgot-password/confirm')
    const change = 'Change the password'
    await ben.refused({ Code: '000000', ...chosen('Ben-N3w-passw0rd') }, change, 'The code is wrong or has')
    await ben.refused({ Code: await arrived(ben), ...chosen('short') }, change, 'The password is not long')
    await ben.submit({ Code: await arrived(ben), ...chosen('Ben-N3w-passw0rd') }, change, '/sign-in')
    assert.match(await notice(ben), /Your password is changed/)
    await ben.refused({ Password: user('ben').password }, 'Sign in', 'Incorrect username or password.')
    await ben.submit({ Password: 'Ben-N3w-passw0rd' }, 'Sign in', '/account')
    const path = '/forgot-password/confirm'
    await ben.leave({ refusals: [`401 ${path}`, `400 ${path}`, '401 /sign-in'] })
  })

  test('whether there is an account, nobody learns from the pages for forgotten passwords', async () => {
    const texts: string[] = []
    for (const username of ['ana', 'nobody', 'carla']) {
      const curious = await visitor('/forgot-password')
      await curious.submit({ 'User name': username }, 'Send a code', '/forgot-password/confirm')
      const words = await curious.page.locator('main > .narrow > :not(.mailbox)').allInnerTexts()
      await curious.refused({ Code: '000000', ...chosen('Some-Passw0rd') }, 'Change the password', 'The code')
      texts.push(words.join('\n') + (await curious.page.getByRole('alert').innerText()))
      await curious.leave({ refusals: ['401 /forgot-password/confirm'] })
    }
    assert.deepEqual(new Set(texts).size, 1, texts.join('\n'))
  })

  test('ana changes her password, and must know the present one for it', async () => {
    const ana = await visitor('/sign-in?returnTo=/security')
    await ana.submit(form('ana', user('ana').password), 'Sign in', '/security')
    await ana.page.getByRole('link', { name: 'Change your password' }).click()
    const change = 'Change the password'
    const wrong = { 'Present password': 'Wr0ng-password', ...chosen('Ana-N3w-passw0rd') }
    await ana.refused(wrong, change, 'Your present password is wrong.')
    const right = { 'Present password': user('ana').password, ...chosen('Ana-N3w-passw0rd') }
    await ana.submit(right, change, '/security')
    assert.match(await notice(ana), /Your password is changed/)
    await ana.signOut()
    await ana.go('/sign-in')
    await ana.submit(form('ana', 'Ana-N3w-passw0rd'), 'Sign in', '/account')
    await ana.leave({ refusals: ['401 /security/password'] })
  })
})
