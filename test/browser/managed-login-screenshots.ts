// Takes a picture of every page of the managed login, wide and narrow, light and dark:
// node --import tsx test/browser/managed-login-screenshots.ts FOLDER [LANGUAGE]
import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { setManagedLoginStage, type ManagedLoginStage } from './managed-login-stage.ts'

const [folder, lang = 'en'] = process.argv.slice(2)
if (folder === undefined) throw new Error('Name a folder for the pictures.')
mkdirSync(folder, { recursive: true })

const password = 'Passw0rd!'
const softwareToken = { secretCode: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', friendlyDeviceName: 'My phone' }

async function shoot(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1280, 800],
    [375, 760],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true })
    }
  }
}

async function signIn(
  { address, open }: ManagedLoginStage,
  username: string,
  typed = password,
): Promise<Page> {
  const { page } = await open()
  await page.goto(address('/login', { lang }))
  await page.locator('#username').fill(username)
  await page.locator('#password').fill(typed)
  await page.locator('button[type=submit]').first().click()
  await page.waitForLoadState()
  return page
}

const stage = await setManagedLoginStage({
  users: [
    { username: 'ana', password, email: 'ana@example.com' },
    { username: 'bo', password, email: 'bo@example.com', mfa: { softwareToken } },
    {
      username: 'cleo',
      password,
      email: 'c@example.com',
      phoneNumber: '+15555550123',
      mfa: { softwareToken, sms: true, email: true },
    },
    { username: 'dee', password, phoneNumber: '+15555550123', mfa: { sms: true } },
    { username: 'eve', password: 'Temp0rary!', status: 'FORCE_CHANGE_PASSWORD' },
  ],
  userPool: {
    mfaConfiguration: 'ON',
    enabledMfas: ['SOFTWARE_TOKEN_MFA', 'SMS_MFA', 'EMAIL_OTP'],
    identityProviders: [
      {
        providerType: 'Google',
        people: [{ sub: '104857', name: 'Gita Rao', email: 'gita@example.com' }, { sub: '2' }],
      },
      { providerType: 'SignInWithApple' },
      { providerName: 'Harbour', providerType: 'OIDC' },
    ],
  },
})
try {
  const { page } = await stage.open()
  for (const [name, path] of [
    ['sign-in', '/login'],
    ['sign-up', '/signup'],
    ['forgot-password', '/forgotPassword'],
    ['error', '/error'],
  ] as const) {
    await page.goto(stage.address(path, { lang, error: 'redirect_mismatch' }))
    await shoot(page, name)
  }
  await shoot(await signIn(stage, 'ana', 'wrong'), 'sign-in-refused')
  await shoot(await signIn(stage, 'ana'), 'mfa-setup')
  await shoot(await signIn(stage, 'bo'), 'mfa-app')
  await shoot(await signIn(stage, 'cleo'), 'mfa-choice')
  await shoot(await signIn(stage, 'dee'), 'mfa-sms')
  await shoot(await signIn(stage, 'eve', 'Temp0rary!'), 'new-password')
  await page.goto(stage.address('/oauth2/authorize', { lang, identity_provider: 'Google' }))
  await shoot(page, 'provider')
} finally {
  await stage.close()
}
