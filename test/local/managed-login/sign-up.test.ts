import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { startLocalCognito, type LocalCognito, type LocalUserPool } from '../../../src/local/index.ts'
import { authorizeUrl, claimsOf, exchange, sessionCookie } from '../domain.ts'
import { Person } from './person.ts'

async function begin(
  t: TestContext,
  userPool: LocalUserPool = {},
): Promise<{ local: LocalCognito; person: Person }> {
  const local = await startLocalCognito({
    users: [{ username: userPool.usernameAttributes ? 'ana@example.com' : 'ana', password: 'Passw0rd!' }],
    clients: [{ clientId: 'public1' }],
    userPool,
  })
  t.after(() => local.close())
  const person = await new Person().go(authorizeUrl(local))
  return { local, person }
}

const dan = {
  username: 'dan',
  'attribute.email': 'dan@example.com',
  password: 'My-0wn-pass',
  confirm_password: 'My-0wn-pass',
}
const codeFor = (local: LocalCognito, to = 'dan@example.com') => local.outbox.latest(to)?.code ?? ''

test('somebody signs up, types the code, and is signed in', async (t) => {
  const { local, person } = await begin(t)
  await person.go(person.link('Create an account'))
  assert.equal(person.heading, 'Create an account')
  await person.submit(dan)
  assert.equal(person.heading, 'Confirm your account')
  assert.match(person.page, /We sent a code to d\*\*\*@e\*\*\*\./)
  assert.equal(person.jar.get(new URL(local.url), sessionCookie(local)), undefined)
  await person.submit({ code: 'wrong' })
  assert.equal(person.alert, 'Invalid verification code provided, please try again.')
  await person.submit({ code: codeFor(local) })
  const { body } = await exchange(local, { code: person.answer('code') ?? '' })
  const claims = claimsOf(String(body['id_token']))
  assert.deepEqual([claims['cognito:username'], claims['email_verified']], ['dan', true])
  const again = await new Person().go(authorizeUrl(local))
  await again.submit({ username: 'dan', password: 'My-0wn-pass' })
  assert.notEqual(again.answer('code'), null)
})

for (const [what, changes, message] of [
  ['a name that is taken', { username: 'ana' }, 'User already exists'],
  [
    'a password that is too weak',
    { password: 'password', confirm_password: 'password' },
    'Password did not conform with policy: Password must have uppercase characters',
  ],
  ['two passwords', { confirm_password: 'My-0wn-pasS' }, 'The two passwords are not the same.'],
  ['no address', { 'attribute.email': 'nowhere' }, 'Invalid email address format.'],
] as const) {
  test(`a sign-up with ${what} is told so, and keeps everything but the passwords`, async (t) => {
    const { person } = await begin(t)
    await person.go(person.link('Create an account'))
    await person.submit({ ...dan, ...changes })
    assert.equal(person.alert, message)
    assert.doesNotMatch(person.page, /My-0wn-pass/)
    assert.match(
      person.page,
      new RegExp(`id="username"[^>]*value="${'username' in changes ? changes.username : 'dan'}"`),
    )
  })
}

test('a new code can be asked for, and replaces the old one', async (t) => {
  const { local, person } = await begin(t)
  await person.go(person.link('Create an account'))
  await person.submit(dan)
  const first = codeFor(local)
  await person.submit({ action: 'resend' })
  assert.equal(person.done, 'A new code is on its way.')
  if (codeFor(local) !== first) {
    await person.submit({ code: first })
    assert.match(person.alert, /^Invalid verification code/)
  }
  await person.submit({ code: codeFor(local) })
  assert.notEqual(person.answer('code'), null)
})

test('whoever signs in before confirming is asked for the code, and then signs in', async (t) => {
  const { local, person } = await begin(t)
  await person.go(person.link('Create an account'))
  await person.submit(dan)
  const other = await new Person().go(authorizeUrl(local))
  await other.submit({ username: 'dan', password: 'My-0wn-pass' })
  assert.equal(other.heading, 'Confirm your account')
  assert.equal(other.alert, 'User is not confirmed.')
  await other.submit({ code: codeFor(local) })
  assert.equal(other.heading, 'Sign in')
  assert.equal(other.done, 'Your account is confirmed. You can sign in now.')
  assert.equal(other.jar.get(new URL(local.url), sessionCookie(local)), undefined)
  await other.submit({ password: 'My-0wn-pass' })
  assert.notEqual(other.answer('code'), null)
})

test('the link of an e-mail confirms the account, once', async (t) => {
  const { local, person } = await begin(t)
  await person.go(person.link('Create an account'))
  await person.submit(dan)
  const link = (code: string, clientId = 'public1') =>
    `${local.url}/confirmUser?${new URLSearchParams({ client_id: clientId, user_name: 'dan', confirmation_code: code }).toString()}`
  assert.match((await new Person().go(link('wrong'))).alert, /invalid_code/)
  assert.match((await new Person().go(link(codeFor(local), 'nobody'))).alert, /invalid_request/)
  const visitor = await new Person().go(link(codeFor(local)))
  assert.equal(visitor.done, 'Your account is confirmed. You can sign in now.')
  assert.equal((await new Person().go(link(codeFor(local)))).status, 400)
})

test('the form asks for what the pool demands', async (t) => {
  const schema = [
    { name: 'given_name', required: true },
    { name: 'birthdate', required: true },
  ]
  const { local, person } = await begin(t, { schema, usernameAttributes: ['email'] })
  await person.go(person.link('Create an account'))
  assert.match(person.page, /<label for="username">E-mail address</)
  const fields = [...person.page.matchAll(/id="attribute\.([\w:]+)"/g)].map(([, name]) => name)
  assert.deepEqual(fields, ['given_name', 'birthdate'])
  await person.submit({
    ...dan,
    username: 'dan@example.com',
    'attribute.given_name': 'Dan',
    'attribute.birthdate': '2000-01-01',
  })
  await person.submit({ code: codeFor(local) })
  const { body } = await exchange(local, { code: person.answer('code') ?? '' })
  const claims = claimsOf(String(body['id_token']))
  assert.equal(claims['cognito:username'], claims['sub'])
  assert.equal(claims['email'], 'dan@example.com')
})

test('a pre sign-up trigger that confirms leads straight to the app', async (t) => {
  const triggers: LocalUserPool['triggers'] = {
    preSignUp: (event) => ({ ...event, response: { ...event.response, autoConfirmUser: true } }),
  }
  const { local, person } = await begin(t, { triggers })
  await person.go(person.link('Create an account'))
  await person.submit(dan)
  assert.notEqual(person.answer('code'), null)
  assert.equal(local.outbox.messages().length, 0)
})

test('a pool that only administrators fill has no sign-up', async (t) => {
  const { local, person } = await begin(t, { adminCreateUserConfig: { allowAdminCreateUserOnly: true } })
  assert.doesNotMatch(person.page, /Create an account/)
  await person.go(authorizeUrl(local, {}, '/signup'))
  assert.equal(person.heading, 'Sign in')
})

test('the step of one form is worth nothing in another', async (t) => {
  const { local, person } = await begin(t)
  await person.go(person.link('Create an account'))
  await person.submit(dan)
  const step = /name="step" value="([^"]+)"/.exec(person.page)?.[1] ?? ''
  await person.go(authorizeUrl(local))
  await person.submit({ step, code: codeFor(local) })
  assert.equal(person.status, 200)
  assert.equal(person.alert, 'That took too long. Sign in again.')
})
