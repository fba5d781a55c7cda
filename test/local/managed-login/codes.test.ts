import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { startLocalCognito, type LocalUserPool } from '../../../src/local/index.ts'
import { authorizeUrl, claimsOf, exchange } from '../domain.ts'
import { Person } from './person.ts'

const email = 'ana@example.com'
const phoneNumber = '+441234567890'
const policies = {
  signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] },
} satisfies LocalUserPool['policies']

async function begin(
  t: TestContext,
  { userPool = {}, explicitAuthFlows = ['ALLOW_USER_AUTH'], lang = 'en', password } = {} as {
    password?: string
    userPool?: LocalUserPool
    explicitAuthFlows?: string[]
    lang?: string
  },
) {
  const local = await startLocalCognito({
    users: [
      { username: 'ana', email, phoneNumber, ...(password && { password }) },
      { username: 'bo', password: 'Passw0rd!' },
    ],
    clients: [{ clientId: 'public1', explicitAuthFlows }],
    userPool: { policies, ...userPool },
  })
  t.after(() => local.close())
  return { local, person: await new Person().go(authorizeUrl(local, { lang })) }
}

for (const [way, to, shown] of [
  ['EMAIL_OTP', email, /We sent a code to a\*\*\*@e\*\*\*/],
  ['SMS_OTP', phoneNumber, /We sent a code to \+\*{8}7890/],
] as const) {
  test(`a person without a password signs in on the page with ${way}, and a wrong code may be corrected`, async (t) => {
    const { local, person } = await begin(t)
    assert.match(person.page, new RegExp(`<button[^>]*name="way" value="${way}" formnovalidate`))
    await person.submit({ username: 'ana', way })
    assert.match(person.page, shown)
    await person.submit({ code: '000000' })
    assert.equal(person.alert, 'Invalid verification code provided, please try again.')
    await person.submit({ code: local.outbox.latest(to)?.code ?? '' })
    const { status, body } = await exchange(local, { code: person.answer('code') ?? '' })
    assert.equal(status, 200)
    assert.equal(claimsOf(String(body['id_token']))['cognito:username'], 'ana')
  })
}

test('who has no address is told that the way is not open, in their language, and nothing is sent', async (t) => {
  const { local, person } = await begin(t, { lang: 'de' })
  await person.submit({ username: 'bo', way: 'EMAIL_OTP' })
  assert.equal(person.alert, 'Diese Art der Anmeldung ist für den Benutzer nicht möglich.')
  assert.equal(local.outbox.latest(), undefined)
})

test('nobody gets in with a code that was sent to nobody', async (t) => {
  const { local, person } = await begin(t)
  await person.submit({ username: 'nobody@example.com', way: 'EMAIL_OTP' })
  assert.match(person.page, /We sent a code to n\*\*\*@e\*\*\*/)
  assert.equal(local.outbox.latest(), undefined)
  await person.submit({ code: '000000' })
  assert.notEqual(person.alert, '')
})

for (const [where, options] of [
  ['a client that lets nobody choose', { explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] }],
  ['a pool that demands a second factor', { userPool: { mfaConfiguration: 'ON' as const } }],
  ['a pool that takes passwords only', { userPool: { policies: {} }, password: 'Passw0rd!' }],
] as const) {
  test(`on the page of ${where} there are no codes instead of a password, not even for who asks`, async (t) => {
    const { local, person } = await begin(t, options as never)
    assert.doesNotMatch(person.page, /name="way"/)
    await person.submit({ username: 'ana', way: 'EMAIL_OTP' })
    assert.notEqual(person.alert, '')
    assert.equal(local.outbox.latest(), undefined)
  })
}
