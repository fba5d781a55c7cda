import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { startLocalCognito, type LocalCognito, type LocalUser } from '../../../src/local/index.ts'
import { authorizeUrl } from '../domain.ts'
import { Person } from './person.ts'

const email = 'ana@example.com'

async function begin(
  t: TestContext,
  user: Partial<LocalUser> = {},
): Promise<{ local: LocalCognito; person: Person }> {
  const local = await startLocalCognito({
    users: [{ username: 'ana', password: 'Passw0rd!', email, ...user }],
    clients: [{ clientId: 'public1' }],
  })
  t.after(() => local.close())
  const person = await new Person().go(authorizeUrl(local))
  await person.go(person.link('Forgot your password?'))
  return { local, person }
}

const chosen = { new_password: 'An0ther-pass', confirm_password: 'An0ther-pass' }

test('a forgotten password is replaced with the code that was sent', async (t) => {
  const { local, person } = await begin(t)
  assert.equal(person.heading, 'Forgot your password?')
  await person.submit({ username: 'ana' })
  assert.equal(person.heading, 'Choose a new password')
  assert.match(person.page, /We sent a code to a\*\*\*@e\*\*\*\./)
  const code = local.outbox.latest(email)?.code ?? ''
  for (const [values, alert] of [
    [{ code: 'wrong', ...chosen }, 'Invalid verification code provided, please try again.'],
    [{ code, ...chosen, confirm_password: 'x' }, 'The two passwords are not the same.'],
    [
      { code, new_password: 'Short1!', confirm_password: 'Short1!' },
      'Password did not conform with policy: Password not long enough',
    ],
  ] as const) {
    await person.submit(values)
    assert.equal(person.alert, alert)
  }
  await person.submit({ code, ...chosen })
  assert.equal(person.heading, 'Sign in')
  assert.equal(person.done, 'Your password is changed. You can sign in now.')
  await person.submit({ username: 'ana', password: 'Passw0rd!' })
  assert.equal(person.alert, 'Incorrect username or password.')
  await person.submit({ username: 'ana', password: 'An0ther-pass' })
  assert.notEqual(person.answer('code'), null)
})

test('an unknown user looks like any other, and no code is sent', async (t) => {
  const { local, person } = await begin(t)
  await person.submit({ username: 'nobody' })
  assert.equal(person.heading, 'Choose a new password')
  assert.match(person.page, /We sent a code to /)
  assert.equal(local.outbox.messages().length, 0)
  await person.submit({ code: '123456', ...chosen })
  assert.equal(person.alert === '', false)
})

test('a code is taken for eight minutes on the pages', async (t) => {
  const { local, person } = await begin(t)
  await person.submit({ username: 'ana' })
  local.clock.advance(481)
  await person.submit({ code: local.outbox.latest(email)?.code ?? '', ...chosen })
  assert.equal(person.heading, 'Forgot your password?')
  assert.equal(person.alert, 'That took too long. Sign in again.')
})

test('whoever must reset the password is asked for the code at the sign-in', async (t) => {
  const { local, person } = await begin(t, { status: 'RESET_REQUIRED' })
  await person.go(authorizeUrl(local))
  await person.submit({ username: 'ana', password: 'Passw0rd!' })
  assert.equal(person.heading, 'Choose a new password')
  assert.equal(person.alert, 'Password reset required for the user')
})

test('the second page alone leads back to the first', async (t) => {
  const { local, person } = await begin(t)
  await person.go(authorizeUrl(local, {}, '/confirmforgotPassword'))
  assert.equal(person.heading, 'Forgot your password?')
})
