import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { authenticatorCode } from '../local/managed-login/person.ts'
import { needsChromium } from './stage.ts'
import { setManagedLoginStage, type ManagedLoginStage } from './managed-login-stage.ts'

const password = 'Passw0rd!'
const softwareToken = { secretCode: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' }

/** Types into a labelled field. */
const fill = (page: Page, label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value)
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText()

/** Runs in the page, so it is no TypeScript. */
const look = `(${readFileSync(new URL('look-at-page.js', import.meta.url), 'utf8').replace('export default ', '')})()`

/** What makes a page hard to use, found by looking at it in both colour schemes on a narrow screen. */
async function troubles(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 375, height: 760 })
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    found.push(...(await page.evaluate<string[]>(look)).map((trouble) => `${colorScheme}: ${trouble}`))
  }
  return found
}

describe('managed login in a browser', needsChromium, () => {
  let stage: ManagedLoginStage
  before(async () => {
    stage = await setManagedLoginStage({
      users: [
        { username: 'ana', password, email: 'ana@example.com' },
        { username: 'bo', password: 'Temp0rary!', status: 'FORCE_CHANGE_PASSWORD' },
        { username: 'cleo', password, email: 'c@example.com', mfa: { softwareToken, email: true } },
      ],
      userPool: {
        mfaConfiguration: 'OPTIONAL',
        enabledMfas: ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
        identityProviders: [{ providerType: 'Google', people: [{ sub: '1', name: 'Gita Rao' }] }],
      },
    })
  })
  after(() => stage.close())

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? '' : ', without scripts'
    const name = javaScriptEnabled ? 'dan' : 'eli'

    test(`somebody signs up, confirms and comes back to the app${how}`, async () => {
      const { page, context, complaints } = await stage.open({ javaScriptEnabled })
      await page.goto(stage.address('/oauth2/authorize', { state: 's' }))
      await page.getByRole('link', { name: 'Create an account' }).click()
      await fill(page, 'Username', name)
      await fill(page, 'E-mail address', `${name}@example.com`)
      await fill(page, 'Password', 'My-0wn-pass')
      await fill(page, 'Repeat the password', 'My-0wn-pass')
      await press(page, 'Create account')
      await fill(page, 'Code', stage.local.outbox.latest(`${name}@example.com`)?.code ?? '')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/callback**')
      assert.equal(await heading(page), 'code state')
      assert.deepEqual(complaints, [])
      await context.close()
    })

    test(`a forgotten password is replaced${how}`, async () => {
      const { page, context, complaints } = await stage.open({ javaScriptEnabled })
      await page.goto(stage.address('/login'))
      await page.getByRole('link', { name: 'Forgot your password?' }).click()
      await fill(page, 'Username', 'ana')
      await press(page, 'Send code')
      await fill(page, 'Code', stage.local.outbox.latest('ana@example.com')?.code ?? '')
      await fill(page, 'New password', 'An0ther-pass')
      await fill(page, 'Repeat the new password', 'An0ther-pass')
      await press(page, 'Save password')
      assert.match(await page.getByRole('status').innerText(), /^Your password is changed/)
      await fill(page, 'Password', 'An0ther-pass')
      await press(page, 'Sign in')
      await page.waitForURL('**/callback**')
      assert.deepEqual(complaints, [])
      await context.close()
    })

    test(`a person of a provider comes back, and whoever cancels comes back with an error${how}`, async () => {
      const { page, context, complaints } = await stage.open({ javaScriptEnabled })
      for (const [button, back] of [
        ['Cancel, as someone who changes their mind', 'error error_description'],
        ['Gita Rao 1', 'code'],
      ] as const) {
        await page.goto(stage.address('/login'))
        await page.getByRole('link', { name: 'Continue with Google' }).click()
        assert.equal(await heading(page), 'Sign in with Google')
        await press(page, button)
        await page.waitForURL('**/callback**')
        assert.equal(await heading(page), back)
      }
      assert.deepEqual(complaints, [])
      await context.close()
    })
  }

  test('a second factor is chosen and typed, and the browser stays signed in', async () => {
    const { page, context, complaints } = await stage.open()
    await page.goto(stage.address('/login'))
    await fill(page, 'Username', 'cleo')
    await fill(page, 'Password', password)
    await page.keyboard.press('Enter')
    await page.getByLabel('Authenticator app').check()
    await press(page, 'Continue')
    await fill(page, 'Code', authenticatorCode(softwareToken.secretCode, stage.local.clock.now()))
    await press(page, 'Continue')
    await page.waitForURL('**/callback**')
    await page.goto(stage.address('/oauth2/authorize', { prompt: 'none' }))
    assert.equal(await heading(page), 'code')
    assert.deepEqual(complaints, [])
    await context.close()
  })

  for (const lang of ['en', 'de', 'ja']) {
    test(`every page in ${lang} can be read, fits a narrow screen, and has labels and landmarks`, async () => {
      const { page, context } = await stage.open()
      for (const path of ['/login', '/signup', '/confirmUser', '/forgotPassword', '/error']) {
        await page.goto(stage.address(path, { lang }))
        assert.deepEqual(await troubles(page), [], path)
      }
      await page.goto(stage.address('/oauth2/authorize', { lang, identity_provider: 'Google' }))
      assert.deepEqual(await troubles(page), [], 'provider')
      for (const [username, typed] of [
        ['ana', 'wrong'],
        ['bo', 'Temp0rary!'],
        ['cleo', password],
      ] as const) {
        await page.goto(stage.address('/login', { lang }))
        await page.locator('#username').fill(username)
        await page.locator('#password').fill(typed)
        await page.keyboard.press('Enter')
        await page.waitForLoadState()
        assert.deepEqual(await troubles(page), [], username)
      }
      await context.close()
    })
  }
})
