import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { LocalCognito } from 'passport-cognito-identity/local'
import { totp } from '../user-pool/sign-in/totp.ts'
import { scanQrCode } from './scan-qr-code.ts'
import { startNamedCognito } from './named-cognito.ts'
import { needsChromium, setStage, type Stage, user } from './stage.ts'
import type { Visitor } from './visitor.ts'

const form = ({ username, password }: { username: string; password: string }) => ({
  'User name': username,
  Password: password,
})
const section = ({ page }: Visitor, name: string) => page.getByRole('region', { name })
const notice = ({ page }: Visitor) => page.getByRole('status').innerText()

/** The key that the page shows, which is the one that a camera reads from the screen. */
async function keyOf({ page }: Visitor): Promise<string> {
  const text = (await page.locator('#totp-key').innerText()).replaceAll(' ', '')
  const scanned = scanQrCode(await page.locator('.qr-code').innerHTML())
  assert.equal(scanned, `otpauth://totp/Harbour:ben?secret=${text}&issuer=Harbour`)
  return text
}

describe('the security page of the example app', needsChromium, () => {
  let stage: Stage
  before(async () => (stage = await setStage()))
  after(() => stage.close())

  async function signedIn(username: string, remember = false): Promise<Visitor> {
    const person = await stage.visitor({ javaScriptEnabled: false })
    await person.open('/security')
    if (remember) await person.page.getByRole('checkbox').check()
    await person.submit(form(user(username)), 'Sign in', '/security')
    return person
  }

  test('ben sets up an authenticator app, signs in with it once, and not again on a device that he remembers', async () => {
    const ben = await signedIn('ben')
    await ben.submit({}, 'Set it up', '/security/authenticator')
    const secret = await keyOf(ben)
    await ben.refused({ 'The code that it shows': '12345' }, 'Turn it on', 'The code is wrong.')
    assert.equal(await keyOf(ben), secret)
    await ben.submit({ 'The code that it shows': totp(secret) }, 'Turn it on', '/security')
    assert.match(await notice(ben), /From now on sign-in asks for a code/)
    assert.match(await section(ben, 'Authenticator app').innerText(), /\bon\b/)
    assert.doesNotMatch(await ben.page.content(), new RegExp(secret))
    await ben.signOut()

    await ben.go('/sign-in?returnTo=/security')
    await ben.page.getByRole('checkbox').check()
    await ben.submit(form(user('ben')), 'Sign in', '/sign-in/code')
    await ben.submit({ Code: totp(secret, 1) }, 'Sign in', '/security')
    await ben.signOut()
    await ben.go('/sign-in?returnTo=/security')
    await ben.submit(form(user('ben')), 'Sign in', '/security')

    const devices = section(ben, 'Devices')
    const mine = devices.getByRole('row').filter({ hasText: 'this one' })
    assert.match(await mine.innerText(), /Chrome on Linux/)
    assert.match(await mine.innerText(), /skips the second step/)
    await ben.submit({}, 'Do not remember Chrome on Linux', '/security')
    await ben.signOut()
    await ben.go('/sign-in?returnTo=/security')
    await ben.submit(form(user('ben')), 'Sign in', '/sign-in/code')
    await ben.leave({ refusals: ['400 /security/authenticator'] })
  })

  test('a device that was told from elsewhere not to skip the second step skips it again once erik asks for it', async () => {
    const near = await stage.visitor({ javaScriptEnabled: false })
    const enter = async (person: Visitor, remember: boolean) => {
      await person.go('/sign-in?returnTo=/security')
      if (remember) await person.page.getByRole('checkbox').check()
      await person.submit(form(user('erik')), 'Sign in', '/sign-in/choice')
      await person.submit({}, 'With a code by e-mail', '/sign-in/code')
      const code = await person.page.locator('.mailbox dd').first().innerText()
      await person.submit({ Code: code }, 'Sign in', '/security')
    }
    await near.open('/')
    await enter(near, true)
    await near.signOut()
    const far = await stage.visitor({ javaScriptEnabled: false })
    await far.open('/')
    await enter(far, false)
    await far.submit({}, 'Do not remember Chrome on Linux', '/security')
    await far.leave()
    // It is the same device, and asked again; and then not any more.
    await enter(near, true)
    assert.equal(await section(near, 'Devices').getByRole('row').filter({ hasText: 'this one' }).count(), 1)
    await near.signOut()
    await near.go('/sign-in?returnTo=/security')
    await near.submit(form(user('erik')), 'Sign in', '/security')
    await near.leave()
  })

  test('dana turns her authenticator app off, and is not asked for a code any more', async () => {
    const dana = await stage.visitor({ javaScriptEnabled: false })
    await dana.open('/sign-in?returnTo=/security')
    await dana.submit(form(user('dana')), 'Sign in', '/sign-in/code')
    await dana.submit({ Code: totp('DANAS4APP4KEY4FOR4TESTS4') }, 'Sign in', '/security')
    await dana.page.getByRole('link', { name: 'Turn it off' }).click()
    await dana.refused({ 'Your password': 'wrong' }, 'Turn it off', 'Your password is wrong.')
    await dana.submit({ 'Your password': user('dana').password }, 'Turn it off', '/security')
    assert.match(await section(dana, 'Authenticator app').innerText(), /\boff\b/)
    await dana.signOut()
    await dana.go('/sign-in?returnTo=/security')
    await dana.submit(form(user('dana')), 'Sign in', '/security')
    await dana.leave({ refusals: ['401 /security/authenticator/off'] })
  })

  test('ana ends the sign-in of another machine, which is told so, and forgets its device', async () => {
    const far = await signedIn('ana', true)
    const near = await signedIn('ana')
    const others = section(near, 'Where you are signed in').getByRole('button', { name: /^End the sign-in/ })
    assert.equal(await others.count(), 1)
    await others.click()
    await near.page.getByText('That sign-in has ended.').waitFor()
    assert.equal(await others.count(), 0)
    await far.go('/security')
    assert.equal(await far.heading, 'Sign in')
    assert.match(await notice(far), /Your sign-in has ended/)
    await far.leave()

    const forget = section(near, 'Devices').getByRole('button', { name: 'Forget Chrome on Linux' })
    assert.equal(await forget.count(), 1)
    await near.submit({}, 'Forget Chrome on Linux', '/security')
    assert.equal(await forget.count(), 0)
    await near.leave()
  })

  test('ana signs out everywhere, here too', async () => {
    const far = await signedIn('ana')
    const near = await signedIn('ana')
    await near.submit({}, 'Sign out everywhere, here too', '/')
    await near.go('/security')
    assert.equal(await near.heading, 'Sign in')
    await far.go('/security')
    assert.equal(await far.heading, 'Sign in')
    await near.leave()
    await far.leave()
  })

  test('who came by the managed login learns why the page is closed to them', async () => {
    const ana = await stage.visitor()
    await ana.signIn(user('ana'))
    await ana.go('/security')
    await ana.page.getByRole('heading', { name: 'You came by the managed login' }).waitFor()
    await ana.leave()
  })
})

describe('the security page on a user pool that tracks neither devices nor sessions', needsChromium, () => {
  const gus = { username: 'gus', password: 'Gus-Passw0rd' }
  let cognito: LocalCognito
  let stage: Stage
  before(async () => {
    const named = await startNamedCognito([gus])
    cognito = named.cognito
    stage = await setStage(named.env)
  })
  after(async () => {
    await stage.close()
    await cognito.close()
  })

  test('it says so in place of the lists', async () => {
    for (const [operation, __type] of [
      ['ListUserSessions', 'OperationNotEnabledException'],
      ['ListDevices', 'InvalidUserPoolConfigurationException'],
    ] as const) {
      cognito.fail(operation, { status: 400, body: JSON.stringify({ __type, message: 'Not enabled.' }) })
    }
    const visitor = await stage.visitor({ javaScriptEnabled: false })
    await visitor.open('/security')
    await visitor.submit(form(gus), 'Sign in', '/security')
    assert.match(await section(visitor, 'Devices').innerText(), /does not keep track of devices/)
    const sessions = section(visitor, 'Where you are signed in')
    assert.match(await sessions.innerText(), /does not keep track of sessions/)
    await visitor.submit({}, 'Sign out everywhere, here too', '/')
    await visitor.leave()
  })
})
