import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { needsChromium, setStage, type Stage, user } from './stage.ts'

describe('identities in the example app', needsChromium, () => {
  let stage: Stage
  before(async () => (stage = await setStage()))
  after(() => stage.close())

  test('a visitor looks around as a guest, signs in, and has the same identity', async () => {
    const visitor = await stage.visitor()
    await visitor.open('/')
    await visitor.page.getByRole('link', { name: 'Look around as a guest' }).click()
    await visitor.submit({}, 'Look around as a guest', '/guest')
    const identity = visitor.page.locator('#identity')
    const asGuest = await identity.innerText()
    await visitor.page.getByText('public/tide-table.txt').waitFor()
    assert.match(await visitor.page.locator('.answer.refused').innerText(), /S3 says: 403 AccessDenied/)
    assert.equal(await visitor.overflowAt(375), 0)

    await visitor.page.getByRole('link', { name: 'Sign in' }).click()
    await visitor.answerLogin(user('ben'))
    await visitor.page.waitForURL('**/account')
    await visitor.go('/guest')
    assert.equal(await identity.innerText(), asGuest)
    assert.equal(await visitor.page.locator('#former').innerText(), asGuest)
    await visitor.leave()
  })

  test('a guest is forgotten at the press of a button', async () => {
    const visitor = await stage.visitor()
    await visitor.open('/guest')
    await visitor.submit({}, 'Look around as a guest', '/guest')
    await visitor.submit({}, 'Forget me', '/guest')
    await visitor.page.getByRole('status').filter({ hasText: 'Forgotten.' }).waitFor()
    await visitor.page.getByRole('button', { name: 'Look around as a guest' }).waitFor()
    await visitor.leave()
  })

  test('ana sees which role she has and why, and acts in her other one', async () => {
    const ana = await stage.visitor()
    await ana.signIn(user('ana'), '/role')
    const arn = ana.page.locator('#arn')
    assert.match(await arn.innerText(), /assumed-role\/harbour-keeper\//)
    await ana.page.getByRole('link', { name: 'harbour-auditor' }).click()
    await ana.page.waitForURL('**/role?as=harbour-auditor')
    assert.match(await arn.innerText(), /assumed-role\/harbour-auditor\//)
    assert.match(await ana.page.locator('#why').innerText(), /You asked for it/)
    assert.equal(await ana.overflowAt(375), 0)
    await ana.page.getByRole('link', { name: 'harbour-keeper' }).click()
    await ana.page.waitForURL('**/role?as=harbour-keeper')
    assert.match(await arn.innerText(), /assumed-role\/harbour-keeper\//)
    await ana.leave()
  })
})
