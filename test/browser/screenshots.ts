// Takes a picture of every page, wide and narrow, light and dark: node --import tsx test/browser/screenshots.ts FOLDER
import { mkdirSync } from 'node:fs'
import { startNamedCognito } from './named-cognito.ts'
import { asksQuestions, demandsSecondFactor } from './named-pools.ts'
import { everyOwnPage } from './own-pages.ts'
import { setStage, user } from './stage.ts'
import type { Visitor } from './visitor.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('Name a folder for the pictures.')
mkdirSync(folder, { recursive: true })

const sizes = [
  { name: '1280', width: 1280, height: 800 },
  { name: '375', width: 375, height: 760 },
]

async function shoot({ page }: Visitor, name: string): Promise<void> {
  for (const { name: size, ...viewport } of sizes) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.screenshot({ path: `${folder}/${name}-${size}-${colorScheme}.png`, fullPage: true })
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.emulateMedia({ colorScheme: 'light' })
}

async function upload({ page }: Visitor, name: string, bytes: number): Promise<void> {
  await page
    .getByLabel('Add a file')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.alloc(bytes, 'x') })
  await page.getByRole('button', { name: 'Upload' }).click()
  await page.getByRole('status').waitFor()
}

const stage = await setStage()
try {
  const ana = await stage.visitor()
  await ana.open('/')
  await shoot(ana, 'home-anonymous')
  await ana.go('/sign-in-failed')
  await shoot(ana, 'sign-in-failed')
  await ana.go('/guest')
  await shoot(ana, 'guest-nobody')
  await ana.submit({}, 'Look around as a guest', '/guest')
  await shoot(ana, 'guest')
  await ana.go('/files')
  await shoot(ana, 'login')
  await ana.answerLogin(user('ana'))
  await ana.page.waitForURL('**/files')
  await shoot(ana, 'files-empty')
  await upload(ana, 'Harbour map.pdf', 482_113)
  await upload(ana, 'logbook-november.csv', 18_400)
  await upload(
    ana,
    'a rather long file name that somebody gave to their holiday pictures of the old lighthouse.zip',
    2_310_000,
  )
  await shoot(ana, 'files-notice')
  await ana.go('/files')
  await ana.page.getByRole('button', { name: /Delete a rather/ }).click()
  await ana.page.getByRole('status').waitFor()
  await ana.go('/files/look?prefix=private/us-east-1:2f6c7a1e-9d7e-4a53-8a33-6f0f1b1f7c55/')
  await shoot(ana, 'files-refused')
  for (const path of ['account', 'guest', 'role', 'admin', 'api-page', 'nowhere', '']) {
    await ana.go(`/${path}`)
    if (path === 'api-page') {
      await ana.page.getByRole('button', { name: 'With your access token' }).click()
      await ana.page.locator('#wire').waitFor()
    }
    await shoot(ana, path === '' ? 'home' : path)
  }
  const ben = await stage.visitor()
  await ben.signIn(user('ben'), '/account')
  await ben.go('/admin')
  await shoot(ben, 'admin-refused')
  const carla = await stage.visitor()
  await carla.open('/account')
  await carla.answerLogin(user('carla'))
  await carla.page.getByLabel('New password', { exact: true }).waitFor()
  await shoot(carla, 'new-password')
  await everyOwnPage(stage, (visitor, name) => shoot(visitor, `own-${name}`))
} finally {
  await stage.close()
}

const hana = { username: 'hana', password: 'Hana-Passw0rd' }
for (const [name, options, flow] of [
  ['set-up', demandsSecondFactor, 'USER_SRP_AUTH'],
  ['question', asksQuestions, 'CUSTOM_AUTH'],
] as const) {
  const { cognito, env } = await startNamedCognito([hana], options)
  const named = await setStage({ ...env, COGNITO_SIGN_IN_FLOWS: flow })
  try {
    const visitor = await named.visitor()
    await visitor.open('/sign-in')
    await visitor.submit({ 'User name': 'hana', Password: hana.password }, 'Sign in', `/sign-in/${name}`)
    await shoot(visitor, `own-${name}`)
    if (name === 'set-up') continue
    const body = JSON.stringify({ ChallengeName: 'FACE', ChallengeParameters: {}, Session: 'x'.repeat(30) })
    cognito.fail('RespondToAuthChallenge', { status: 200, body }, { times: 1 })
    await visitor.go('/sign-in')
    await visitor.submit({ 'User name': 'hana', Password: hana.password }, 'Sign in', '/sign-in/question')
    await shoot(visitor, 'own-question-unknown')
  } finally {
    await named.close()
    await cognito.close()
  }
}
