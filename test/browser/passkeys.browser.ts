import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { CDPSession } from 'playwright-core'
import { needsChromium, setStage, type Stage, user } from './stage.ts'
import type { Visitor } from './visitor.ts'

const form = (username: string) => ({ 'User name': username, Password: user(username).password })

/** A phone with a fingerprint reader, as Chromium plays one. */
async function authenticatorOf({
  context,
  page,
}: Visitor): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { cdp, authenticatorId }
}

describe('passkeys in the example app', needsChromium, () => {
  let stage: Stage
  before(async () => (stage = await setStage()))
  after(() => stage.close())
  const section = ({ page }: Visitor) => page.getByRole('region', { name: 'Passkeys' })
  const notice = ({ page }: Visitor) => page.getByRole('status').innerText()

  /** ben, at his security page, with a passkey. */
  async function registered() {
    const ben = await stage.visitor()
    await ben.open('/sign-in?returnTo=/security')
    const authenticator = await authenticatorOf(ben)
    await ben.submit(form('ben'), 'Sign in', '/security')
    await ben.submit({}, 'Add a passkey', '/security/passkeys')
    await ben.submit({}, 'Create the passkey', '/security')
    assert.match(await notice(ben), /The passkey is added/)
    return { ben, ...authenticator }
  }

  async function removeAll(ben: Visitor) {
    const buttons = section(ben).getByRole('button', { name: /^Remove/ })
    while ((await buttons.count()) > 0) {
      await buttons.first().click()
      await ben.page.getByText('The passkey is removed.').waitFor()
      await ben.go('/security')
    }
  }

  test('ben adds a passkey, signs in with it and without a password, and removes it', async () => {
    const { ben, cdp, authenticatorId } = await registered()
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId })
    assert.deepEqual(
      credentials.map(({ rpId, isResidentCredential }) => [rpId, isResidentCredential]),
      [['localhost', true]],
    )
    await ben.signOut()
    await ben.go('/sign-in?returnTo=/security')
    await ben.submit({ 'User name': 'ben' }, 'Sign in with a passkey', '/sign-in/passkey')
    await ben.submit({}, 'Continue with your passkey', '/security')
    const used = await cdp.send('WebAuthn.getCredentials', { authenticatorId })
    assert.ok((used.credentials[0]?.signCount ?? 0) > (credentials[0]?.signCount ?? 0))
    await removeAll(ben)
    await ben.signOut()
    await ben.go('/sign-in')
    await ben.submit({ 'User name': 'ben' }, 'Sign in with a passkey', '/sign-in/choice')
    assert.equal(await ben.page.getByRole('button', { name: 'With a passkey' }).count(), 0)
    await ben.leave()
  })

  test('a passkey may be chosen among other ways', async () => {
    const { ben } = await registered()
    await ben.signOut()
    await ben.go('/sign-in?returnTo=/security')
    await ben.submit({ 'User name': 'ben' }, 'Sign in another way', '/sign-in/choice')
    await ben.submit({}, 'With a passkey', '/sign-in/passkey')
    await ben.submit({}, 'Continue with your passkey', '/security')
    await removeAll(ben)
    await ben.leave()
  })

  test('an authenticator holds one passkey for ben, and says so when it is asked for another', async () => {
    const { ben } = await registered()
    await ben.submit({}, 'Add a passkey', '/security/passkeys')
    await ben.refused({}, 'Create the passkey', 'This authenticator holds a passkey for you already.')
    await ben.go('/security')
    await removeAll(ben)
    await ben.leave()
  })

  test('whoever does not confirm with the finger is told so, and may try again', async () => {
    const { ben, cdp, authenticatorId } = await registered()
    await ben.signOut()
    await ben.go('/sign-in?returnTo=/security')
    await ben.submit({ 'User name': 'ben' }, 'Sign in with a passkey', '/sign-in/passkey')
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    const other = await authenticatorOf(ben)
    await ben.refused({}, 'Continue with your passkey', 'The browser has given no passkey.')
    assert.deepEqual((await cdp.send('WebAuthn.getCredentials', other)).credentials, [])
    await ben.leave()
  })

  test('without scripts nobody is offered a passkey to sign in with, and the page to add one says why', async () => {
    const ana = await stage.visitor({ javaScriptEnabled: false })
    await ana.open('/sign-in?returnTo=/security')
    assert.equal(await ana.page.getByRole('button', { name: 'Sign in with a passkey' }).count(), 0)
    await ana.submit(form('ana'), 'Sign in', '/security')
    await ana.submit({}, 'Add a passkey', '/security/passkeys')
    await ana.page.getByText('Passkeys need JavaScript, which is off in this browser.').waitFor()
    assert.ok(await ana.page.getByRole('button', { name: 'Create the passkey' }).isDisabled())
    await ana.leave()
  })
})
