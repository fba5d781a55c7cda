import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Device, SessionEndedError, UserPool } from '../../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../../src/local/index.ts'
import { asked, done, refusedFor } from './steps.ts'
import { totp } from './totp.ts'

const password = 'Passw0rd!'
const secretCode = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const sealingKey = 'a sealing key of more than thirty-two bytes'
const clientSecret = 'secretsecretsecretsecretsecret'

describe('remembered devices', () => {
  let local: LocalCognito
  let userPool: UserPool
  before(async () => {
    local = await startLocalCognito({
      users: [
        { username: 'theo', password, email: 'theo@example.com', mfa: { softwareToken: { secretCode } } },
        { username: 'ana', password, email: 'ana@example.com' },
      ],
      clients: [{ clientSecret }, { clientId: 'other', clientSecret }],
      userPool: {
        mfaConfiguration: 'OPTIONAL',
        aliasAttributes: ['email'],
        deviceConfiguration: { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true },
      },
    })
  })
  after(() => local.close())
  beforeEach(() => {
    userPool = new UserPool({ ...local.userPool, sealingKey })
    local.requests.clear()
  })

  let steps = 0
  async function confirmedDevice(remember: boolean): Promise<{ device: Device; accessToken: string }> {
    const challenge = asked(await userPool.signIn({ username: 'theo', password }), 'SOFTWARE_TOKEN_MFA')
    // Each code counts once, so the server's clock goes on by a step for each.
    local.clock.advance(30)
    const { tokens, newDevice } = done(
      await userPool.respond(challenge, { code: totp(secretCode, (steps += 1)) }),
    )
    assert.ok(newDevice)
    const device = await userPool.confirmDevice(newDevice, { name: 'Firefox on Linux', remember })
    return { device, accessToken: tokens.accessToken }
  }

  test('a remembered device skips the second factor, and proves itself with SRP', async () => {
    const { device } = await confirmedDevice(true)
    local.requests.clear()
    const step = done(await userPool.signIn({ username: 'theo', password, device }))
    assert.equal(step.newDevice, undefined)
    assert.equal(step.tokens.deviceKey, device.deviceKey)
    // PASSWORD_VERIFIER, DEVICE_SRP_AUTH, DEVICE_PASSWORD_VERIFIER.
    assert.equal(local.requests.count('RespondToAuthChallenge'), 3)
    assert.equal((await userPool.refresh(step.tokens)).username, 'theo')
  })

  test('a device that is confirmed and not remembered is asked for the second factor', async () => {
    const { device } = await confirmedDevice(false)
    asked(await userPool.signIn({ username: 'theo', password, device }), 'SOFTWARE_TOKEN_MFA')
  })

  test('DS-14 the device of somebody else is left out, and what is sealed opens for its own user, pool and client only', async () => {
    const { device } = await confirmedDevice(true)
    const step = done(await userPool.signIn({ username: 'ana', password, device }))
    assert.notEqual(step.tokens.deviceKey, device.deviceKey)
    const sealed = userPool.devices.seal(device)
    assert.deepEqual({ ...userPool.devices.open(sealed, 'theo') }, { ...device })
    assert.equal(userPool.devices.open(sealed, 'ana'), undefined)
    const others = [
      new UserPool({ ...local.userPool, sealingKey: 'x'.repeat(32) }),
      new UserPool({ ...local.userPool, sealingKey, clientId: 'other' }),
      new UserPool({ ...local.userPool, sealingKey, userPoolId: 'us-east-1_Other0001' }),
    ]
    for (const other of others) assert.equal(other.devices.open(sealed, 'theo'), undefined)
    for (const bad of [undefined, 7, '', sealed.slice(1), `${sealed}A`, 'x'.repeat(100_000)]) {
      assert.equal(userPool.devices.open(bad, 'theo'), undefined)
    }
    const rotated = new UserPool({ ...local.userPool, sealingKey: ['y'.repeat(32), sealingKey] })
    assert.equal(rotated.devices.open(sealed, 'theo')?.deviceKey, device.deviceKey)
    assert.ok(sealed.length < 1_000 && /^[\w-]+$/.test(sealed))
  })

  test('DS-14 a device that Cognito has forgotten is dropped, and the sign-in goes on without it', async () => {
    const { device, accessToken } = await confirmedDevice(true)
    await userPool.devices.forget({ accessToken }, device.deviceKey)
    asked(await userPool.signIn({ username: 'theo', password, device }), 'SOFTWARE_TOKEN_MFA')
  })

  test('DS-14 a device whose password is not the right one is dropped, and the sign-in goes on without it', async () => {
    const { device } = await confirmedDevice(true)
    const wrong = { ...device, password: 'not the password' }
    asked(await userPool.signIn({ username: 'theo', password, device: wrong }), 'SOFTWARE_TOKEN_MFA')
  })

  test('a wrong password with a device is refused once, and not tried again without it', async () => {
    const { device } = await confirmedDevice(true)
    local.requests.clear()
    await refusedFor(
      userPool.signIn({ username: 'theo', password: 'wrong', device }),
      'NotAuthorizedException',
      401,
    )
    assert.equal(local.requests.count('InitiateAuth'), 1)
  })

  test('devices are listed, marked and forgotten', async () => {
    const { device, accessToken } = await confirmedDevice(false)
    const find = async () =>
      (await userPool.devices.list({ accessToken })).find(({ deviceKey }) => deviceKey === device.deviceKey)
    assert.equal((await find())?.name, 'Firefox on Linux')
    assert.equal((await find())?.remembered, false)
    await userPool.devices.setRemembered({ accessToken }, device.deviceKey, true)
    assert.equal((await find())?.remembered, true)
    await userPool.devices.forget({ accessToken }, device.deviceKey)
    assert.equal(await find(), undefined)
  })

  test('DS-16 a confidential client signs in with an alias, and refreshes with the key of the device', async () => {
    const step = done(await userPool.signIn({ username: 'ana@example.com', password }))
    assert.ok(step.newDevice)
    await userPool.confirmDevice(step.newDevice)
    const refreshed = await userPool.refresh(step.tokens)
    assert.equal(refreshed.username, 'ana')
    assert.equal(refreshed.tokens.deviceKey, step.newDevice.deviceKey)
    assert.equal(local.requests.count('GetTokensFromRefreshToken'), 1)
    assert.equal(local.requests.count('token'), 0)
  })

  test('a refresh without the key, or before the device is confirmed, ends the sign-in and says why', async () => {
    const { tokens } = done(await userPool.signIn({ username: 'ana', password }))
    const says = (pattern: RegExp) => (error: unknown) => {
      assert.ok(error instanceof SessionEndedError)
      assert.match(error.message, pattern)
      return true
    }
    await assert.rejects(userPool.refresh(tokens), says(/must be confirmed before the first refresh/))
    const step = done(await userPool.signIn({ username: 'ana', password }))
    assert.ok(step.newDevice)
    await userPool.confirmDevice(step.newDevice)
    const { deviceKey: _, ...without } = step.tokens
    await assert.rejects(userPool.refresh(without), says(/needs the key of the device/))
  })

  test('a device, a new one and tokens show nothing when they are printed', async () => {
    const { device } = await confirmedDevice(true)
    const step = done(await userPool.signIn({ username: 'ana', password }))
    const printed = inspect([device, step], { depth: 9, showHidden: true })
    for (const secret of [device.password, step.tokens.accessToken, step.newDevice?.accessToken ?? '?']) {
      assert.ok(!printed.includes(secret))
    }
  })

  test('DS-15 keys come from the system: no Math.random, no clock in key material; 40 bytes and 16 bytes', async () => {
    for (const file of ['srp.ts', 'device.ts']) {
      const text = readFileSync(new URL(`../../../src/user-pool/sign-in/${file}`, import.meta.url), 'utf8')
      assert.doesNotMatch(text, /Math\.random|Date\.now/)
      assert.match(text, /import \{[^}]*randomBytes[^}]*\} from 'node:crypto'/)
    }
    const { device } = await confirmedDevice(true)
    assert.equal(Buffer.from(device.password, 'base64').length, 40)
  })
})
