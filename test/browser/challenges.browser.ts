import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { LocalCognito } from 'passport-cognito-identity/local'
import { totp } from '../user-pool/sign-in/totp.ts'
import { asksQuestions, demandsSecondFactor } from './named-pools.ts'
import { startNamedCognito } from './named-cognito.ts'
import { needsChromium, setStage, type Stage } from './stage.ts'

const hana = { username: 'hana', password: 'Hana-Passw0rd' }
const form = { 'User name': hana.username, Password: hana.password }

describe('challenges that the printed users never meet', needsChromium, () => {
  const open: (() => Promise<void>)[] = []
  after(async () => {
    for (const close of open.toReversed()) await close()
  })

  async function stageOn(
    options: Parameters<typeof startNamedCognito>[1],
    env: Record<string, string> = {},
  ): Promise<{ stage: Stage; cognito: LocalCognito }> {
    const named = await startNamedCognito([hana], options)
    open.push(() => named.cognito.close())
    const stage = await setStage({ ...named.env, ...env })
    open.push(() => stage.close())
    return { stage, cognito: named.cognito }
  }

  describe('a user pool that demands a second factor', () => {
    let stage: Stage
    before(async () => {
      stage = (await stageOn(demandsSecondFactor)).stage
    })

    test('hana sets one up in the middle of her first sign-in', async () => {
      const visitor = await stage.visitor({ javaScriptEnabled: false })
      await visitor.open('/sign-in')
      await visitor.submit(form, 'Sign in', '/sign-in/set-up')
      await visitor.page.getByRole('heading', { name: 'Codes by e-mail' }).waitFor()
      assert.equal(await visitor.overflowAt(375), 0)
      const secret = (await visitor.page.locator('#totp-key').innerText()).replaceAll(' ', '')
      await visitor.refused({ 'The code that it shows': '12345' }, 'Use this app', 'The code is wrong.')
      await visitor.submit({ 'The code that it shows': totp(secret) }, 'Use this app', '/account')
      await visitor.signOut()
      await visitor.go('/sign-in')
      await visitor.submit(form, 'Sign in', '/sign-in/code')
      await visitor.submit({ Code: totp(secret, 1) }, 'Sign in', '/account')
      await visitor.leave({ refusals: ['400 /sign-in/set-up'] })
    })
  })

  describe('a user pool with questions of its own', () => {
    let stage: Stage
    let cognito: LocalCognito
    before(async () => {
      const made = await stageOn(asksQuestions, { COGNITO_SIGN_IN_FLOWS: 'CUSTOM_AUTH' })
      stage = made.stage
      cognito = made.cognito
    })

    test('the generic page shows what the trigger asks, and takes the answer', async () => {
      const visitor = await stage.visitor({ javaScriptEnabled: false })
      await visitor.open('/sign-in')
      assert.equal(await visitor.page.getByRole('button', { name: 'Sign in another way' }).count(), 0)
      await visitor.submit(form, 'Sign in', '/sign-in/question')
      assert.match(
        await visitor.page.locator('.facts').innerText(),
        /question\s+Which colour has the <sea>\?/,
      )
      assert.equal(await visitor.overflowAt(375), 0)
      await visitor.submit({ 'Your answer': 'blue' }, 'Sign in', '/account')
      await visitor.leave()
    })

    test('a challenge that nobody knows yet ends on a page that says so', async () => {
      const body = JSON.stringify({ ChallengeName: 'FACE', ChallengeParameters: {}, Session: 'x'.repeat(30) })
      const visitor = await stage.visitor({ javaScriptEnabled: false })
      await visitor.open('/sign-in')
      cognito.fail('RespondToAuthChallenge', { status: 200, body }, { times: 1 })
      await visitor.submit(form, 'Sign in', '/sign-in/question')
      assert.match(
        await visitor.page.locator('.lead').innerText(),
        /cannot answer: FACE\. You are not signed in\./,
      )
      await visitor.page.getByRole('link', { name: 'Start again' }).click()
      await visitor.page.waitForURL('**/sign-in')
      await visitor.leave()
    })
  })
})
