import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import jsqr from 'jsqr'
import {
  startLocalCognito,
  type LocalCognito,
  type LocalUser,
  type LocalUserPool,
} from '../../../src/local/index.ts'
import { authorizeUrl, claimsOf, exchange, sessionCookie } from '../domain.ts'
import { authenticatorCode, Person } from './person.ts'

const secretCode = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const ana = { username: 'ana', password: 'Passw0rd!', email: 'ana@example.com', phoneNumber: '+441234567890' }

async function begin(
  t: TestContext,
  user: Partial<LocalUser>,
  userPool: LocalUserPool = {},
): Promise<{ local: LocalCognito; person: Person }> {
  const local = await startLocalCognito({
    users: [{ ...ana, ...user }],
    clients: [{ clientId: 'public1' }, { clientId: 'confidential1', clientSecret: 'secret1' }],
    userPool: {
      mfaConfiguration: 'OPTIONAL',
      enabledMfas: ['SOFTWARE_TOKEN_MFA', 'SMS_MFA', 'EMAIL_OTP'],
      ...userPool,
    },
  })
  t.after(() => local.close())
  const person = await new Person().go(authorizeUrl(local))
  await person.submit({ username: 'ana', password: 'Passw0rd!' })
  return { local, person }
}

async function signedIn(local: LocalCognito, person: Person): Promise<void> {
  const { status, body } = await exchange(local, { code: person.answer('code') ?? '' })
  assert.equal(status, 200, `${person.heading} ${person.alert}`)
  assert.equal(claimsOf(String(body['id_token']))['cognito:username'], 'ana')
  assert.notEqual(person.jar.get(new URL(local.url), sessionCookie(local)), undefined)
}

test('the authenticator app of these tests gives the codes of RFC 6238', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  const codes = [59, 1111111109, 1234567890, 20000000000].map((second) =>
    authenticatorCode(secret, second * 1000),
  )
  assert.deepEqual(codes, ['287082', '081804', '005924', '353130'])
})

test('a code of the authenticator app is asked for after the password, and ends in a session', async (t) => {
  const mfa = { softwareToken: { secretCode, friendlyDeviceName: 'My <phone>' } }
  const { local, person } = await begin(t, { mfa })
  assert.equal(person.heading, 'Confirm that it is you')
  assert.match(person.page, /authenticator app on My &#60;phone&#62; and/)
  assert.equal(person.jar.get(new URL(local.url), sessionCookie(local)), undefined)
  await person.submit({ code: '000000' })
  assert.equal(person.alert, 'Invalid verification code provided, please try again.')
  const code = authenticatorCode(secretCode, local.clock.now())
  await person.submit({ code: `${code.slice(0, 3)} ${code.slice(3)}` })
  await signedIn(local, person)
  const again = await new Person().go(authorizeUrl(local))
  await again.submit({ username: 'ana', password: 'Passw0rd!' })
  await again.submit({ code })
  assert.equal(again.alert, 'Your software token has already been used once.')
})

for (const [medium, mfa, to, shown] of [
  ['text message', { sms: true }, '+441234567890', '+********7890'],
  ['e-mail', { email: true }, 'ana@example.com', 'a***@e***'],
] as const) {
  test(`a code that went by ${medium} is taken, and no other`, async (t) => {
    const { local, person } = await begin(t, { mfa })
    assert.ok(person.page.includes(`We sent a code to ${shown}.`), person.page.slice(-900))
    const code = local.outbox.latest(to)?.code ?? ''
    await person.submit({ code: code === '111111' ? '222222' : '111111' })
    assert.match(person.alert, /^Invalid verification code/)
    await person.submit({ code })
    await signedIn(local, person)
  })
}

test('whoever has several factors chooses one', async (t) => {
  const { local, person } = await begin(t, { mfa: { sms: true, email: true, softwareToken: { secretCode } } })
  assert.match(person.page, /value="SOFTWARE_TOKEN_MFA"[^]*value="SMS_MFA"[^]*value="EMAIL_OTP"/)
  assert.equal(local.outbox.messages().length, 0)
  await person.submit({ factor: 'SMS_MFA' })
  await person.submit({ code: local.outbox.latest('+441234567890')?.code ?? '' })
  await signedIn(local, person)
})

test('a pool that demands a factor has an authenticator app set up, with a QR code and its key', async (t) => {
  const { local, person } = await begin(
    t,
    { phoneNumber: undefined },
    { mfaConfiguration: 'ON', enabledMfas: ['SOFTWARE_TOKEN_MFA'] },
  )
  assert.equal(person.heading, 'Set up an authenticator app')
  const scanned = new URL(scan(person.page))
  const secret = scanned.searchParams.get('secret') ?? ''
  assert.equal(scanned.protocol + scanned.host, 'otpauth:totp')
  assert.equal(decodeURIComponent(scanned.pathname), '/Local Cognito us-east-1_Local0001:ana@example.com')
  assert.ok(person.page.includes(secret.replace(/.{4}(?=.)/g, '$& ')), 'the key is on the page')
  await person.submit({ code: '000000', device_name: 'Old phone' })
  assert.match(person.alert, /^Invalid verification code/)
  assert.equal(new URL(scan(person.page)).searchParams.get('secret'), secret, 'no second scan')
  await person.submit({ code: authenticatorCode(secret, local.clock.now()), device_name: 'New phone' })
  await signedIn(local, person)
  local.clock.advance(60)
  const again = await new Person().go(authorizeUrl(local))
  await again.submit({ username: 'ana', password: 'Passw0rd!' })
  assert.match(again.page, /authenticator app on New phone/)
  await again.submit({ code: authenticatorCode(secret, local.clock.now()) })
  await signedIn(local, again)
})

test('a pool with codes by e-mail only asks whoever has no address for one', async (t) => {
  const { local, person } = await begin(
    t,
    { email: undefined },
    {
      mfaConfiguration: 'ON',
      enabledMfas: ['EMAIL_OTP'],
      accountRecoverySetting: { recoveryMechanisms: [{ name: 'admin_only', priority: 1 }] },
    },
  )
  await person.submit({ email: 'no address' })
  assert.equal(person.alert, 'Invalid email address format.')
  await person.submit({ email: 'new@example.com' })
  await person.submit({ code: local.outbox.latest('new@example.com')?.code ?? '' })
  await signedIn(local, person)
})

test('a second factor that takes more than three minutes starts again, and five wrong codes lock', async (t) => {
  const { local, person } = await begin(t, { mfa: { softwareToken: { secretCode } } })
  local.clock.advance(181)
  await person.submit({ code: authenticatorCode(secretCode, local.clock.now()) })
  assert.equal(person.alert, 'That took too long. Sign in again.')
  await person.submit({ username: 'ana', password: 'Passw0rd!' })
  for (let count = 0; count < 5; count += 1) await person.submit({ code: 'wrong' })
  await person.submit({ code: authenticatorCode(secretCode, local.clock.now()) })
  assert.equal(person.alert, 'Password attempts exceeded')
  assert.equal(person.heading, 'Sign in')
})

test('a step of the pages cannot be gone on with through the API, nor the other way round', async (t) => {
  const { local, person } = await begin(t, { mfa: { softwareToken: { secretCode } } })
  const step = /name="step" value="([^"]+)"/.exec(person.page)?.[1] ?? ''
  const call = async (operation: string, input: object) => {
    const headers = { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` }
    const body = JSON.stringify({ ClientId: 'public1', ...input })
    return (await (await fetch(local.url, { method: 'POST', headers, body })).json()) as Record<
      string,
      string
    >
  }
  const code = authenticatorCode(secretCode, local.clock.now())
  const responses = { USERNAME: 'ana', SOFTWARE_TOKEN_MFA_CODE: code }
  const refused = await call('RespondToAuthChallenge', {
    ChallengeName: 'SOFTWARE_TOKEN_MFA',
    Session: step,
    ChallengeResponses: responses,
  })
  assert.equal(refused['message'], 'Invalid session for the user.')
  const { Session = '' } = await call('InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'ana', PASSWORD: 'Passw0rd!' },
  })
  const page = await new Person().go(authorizeUrl(local))
  await page.submit({ step: Session, code })
  assert.equal(page.alert, 'That took too long. Sign in again.')
  await person.submit({ code })
  await signedIn(local, person)
})

test('a step counts for the client that it began with', async (t) => {
  const { local, person } = await begin(t, { mfa: { softwareToken: { secretCode } } })
  const step = /name="step" value="([^"]+)"/.exec(person.page)?.[1] ?? ''
  await person.go(authorizeUrl(local, { client_id: 'confidential1' }))
  await person.submit({ step, code: authenticatorCode(secretCode, local.clock.now()) })
  assert.equal(person.alert, 'That took too long. Sign in again.')
})

/** What a phone's camera reads off the page. */
function scan(page: string): string {
  const size = Number(/<svg class="qr" viewBox="0 0 (\d+)/.exec(page)?.[1])
  const pixels = new Uint8ClampedArray((size * 4) ** 2 * 4).fill(255)
  for (const [, x, y] of page.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let dot = 0; dot < 16; dot += 1) {
      const pixel = (Number(y) * 4 + (dot >> 2)) * size * 4 + Number(x) * 4 + (dot & 3)
      pixels.fill(0, pixel * 4, pixel * 4 + 3)
    }
  }
  return jsqr.default(pixels, size * 4, size * 4)?.data ?? ''
}
