import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import {
  AdminGetDeviceCommand,
  AdminListDevicesCommand,
  ConfirmDeviceCommand,
  ForgetDeviceCommand,
  GetDeviceCommand,
  GetTokensFromRefreshTokenCommand,
  ListDevicesCommand,
  UpdateDeviceStatusCommand,
  type InitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider'
import { createDeviceVerifier } from 'cognito-srp-helper'
import { claimsOf, refresh } from '../domain.ts'
import { beginSrp, proveDevice } from './srp-client.ts'
import { ana, invalid, notAuthorized, refused, stage, wrongPassword, type Stage } from './stage.ts'

const always = { challengeRequiredOnNewDevice: true }
const optIn = { ...always, deviceOnlyRememberedOnUserPrompt: true }
const password = { USERNAME: 'ana', PASSWORD: ana.password }
const invalidToken = 'Invalid Refresh Token'

function device({ AuthenticationResult: result }: InitiateAuthCommandOutput) {
  const { DeviceKey = '', DeviceGroupKey = '' } = result?.NewDeviceMetadata ?? {}
  return {
    key: DeviceKey,
    groupKey: DeviceGroupKey,
    accessToken: result?.AccessToken ?? '',
    refreshToken: result?.RefreshToken ?? '',
  }
}

async function signIn(on: Stage, more: Record<string, string> = {}) {
  return device(await on.initiate('USER_PASSWORD_AUTH', { ...password, ...more }))
}

async function confirm(on: Stage, { key, groupKey, accessToken }: ReturnType<typeof device>) {
  const { DeviceRandomPassword, DeviceSecretVerifierConfig } = createDeviceVerifier(key, groupKey)
  const input = {
    AccessToken: accessToken,
    DeviceKey: key,
    DeviceName: 'my laptop',
    DeviceSecretVerifierConfig,
  }
  const { UserConfirmationNecessary } = await on.sdk.send(new ConfirmDeviceCommand(input))
  return { password: DeviceRandomPassword, UserConfirmationNecessary, input }
}

const refreshThrough = (on: Stage, refreshToken: string, key?: string) =>
  on.initiate('REFRESH_TOKEN_AUTH', {
    REFRESH_TOKEN: refreshToken,
    ...(key === undefined ? {} : { DEVICE_KEY: key }),
  })

test('a sign-in without a device key is told a new one, which is in the access token', async (t) => {
  const on = await stage(t, { userPool: { deviceConfiguration: always } })
  const first = await signIn(on)
  assert.match(first.key, /^us-east-1_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.match(first.groupKey, /^-\w{8}$/)
  assert.equal(claimsOf(first.accessToken)['device_key'], first.key)
  const bySrp = device(await on.srp('ana', ana.password))
  assert.notEqual(bySrp.key, '')
  assert.notEqual(bySrp.key, first.key)
})

test('a refresh needs the key of the confirmed device that its token was issued to', async (t) => {
  const on = await stage(t, { userPool: { deviceConfiguration: always } })
  const mine = await signIn(on)
  const other = await signIn(on)
  await refused(refreshThrough(on, mine.refreshToken), notAuthorized, invalidToken)
  await refused(refreshThrough(on, mine.refreshToken, mine.key), notAuthorized, invalidToken)
  assert.equal((await confirm(on, mine)).UserConfirmationNecessary, false)
  await confirm(on, other)
  await refused(refreshThrough(on, mine.refreshToken), notAuthorized, invalidToken)
  await refused(refreshThrough(on, mine.refreshToken, other.key), notAuthorized, invalidToken)
  const { AuthenticationResult, ChallengeParameters } = await refreshThrough(on, mine.refreshToken, mine.key)
  assert.equal(claimsOf(AuthenticationResult?.AccessToken ?? '')['device_key'], mine.key)
  assert.deepEqual([AuthenticationResult?.RefreshToken, ChallengeParameters], [undefined, {}])
  const get = (DeviceKey?: string) =>
    on.sdk.send(
      new GetTokensFromRefreshTokenCommand({
        ClientId: 'public1',
        RefreshToken: mine.refreshToken,
        DeviceKey,
      }),
    )
  await refused(get(), notAuthorized, invalidToken)
  assert.notEqual((await get(mine.key)).AuthenticationResult?.AccessToken, undefined)
  // The token endpoint has no place for the key.
  const { status, body } = await refresh(on.local, mine.refreshToken)
  assert.deepEqual([status, body['error']], [400, 'invalid_grant'])
})

test('a device that comes again is no new one', async (t) => {
  const on = await stage(t, { userPool: { deviceConfiguration: always } })
  const mine = await signIn(on)
  await confirm(on, mine)
  const again = await signIn(on, { DEVICE_KEY: mine.key })
  assert.equal(again.key, '')
  assert.equal(claimsOf(again.accessToken)['device_key'], mine.key)
  assert.notEqual((await refreshThrough(on, again.refreshToken, mine.key)).AuthenticationResult, undefined)
})

test('an unknown device key, and one of somebody else, is refused so that the client forgets it', async (t) => {
  const bo = { username: 'bo', password: 'Passw0rd!' }
  const on = await stage(t, { userPool: { deviceConfiguration: always }, users: [ana, bo] })
  const { key } = device(await on.initiate('USER_PASSWORD_AUTH', { USERNAME: 'bo', PASSWORD: bo.password }))
  for (const DEVICE_KEY of [key, 'us-east-1_00000000-0000-4000-8000-000000000000']) {
    await refused(signIn(on, { DEVICE_KEY }), 'ResourceNotFoundException', 'Device does not exist.')
  }
})

test('a device is confirmed once, and shown, renamed, listed in pages and forgotten', async (t) => {
  const on = await stage(t, { userPool: { deviceConfiguration: optIn } })
  const mine = await signIn(on)
  const { accessToken: AccessToken, key: DeviceKey } = mine
  const get = () => on.sdk.send(new GetDeviceCommand({ AccessToken, DeviceKey }))
  const missing = ['ResourceNotFoundException', 'Device does not exist.'] as const
  await refused(get(), ...missing)
  const { input, UserConfirmationNecessary } = await confirm(on, mine)
  assert.equal(UserConfirmationNecessary, true)
  await refused(
    on.sdk.send(new ConfirmDeviceCommand(input)),
    'DeviceKeyExistsException',
    'Device key already exists.',
  )
  const { Device } = await get()
  const attributes = Object.fromEntries(
    (Device?.DeviceAttributes ?? []).map(({ Name = '', Value }) => [Name, Value]),
  )
  assert.deepEqual(
    [attributes['device_name'], attributes['dev:device_remembered_status']],
    ['my laptop', 'not_remembered'],
  )
  assert.equal(Device?.DeviceCreateDate?.getTime(), Device?.DeviceLastAuthenticatedDate?.getTime())
  const others = [await signIn(on), await signIn(on)]
  for (const other of others) await confirm(on, other)
  const list = (PaginationToken?: string) =>
    on.sdk.send(new ListDevicesCommand({ AccessToken, Limit: 2, PaginationToken }))
  const first = await list()
  const second = await list(first.PaginationToken)
  const keys = [...(first.Devices ?? []), ...(second.Devices ?? [])].map((one) => one.DeviceKey)
  assert.deepEqual(keys, [DeviceKey, ...others.map(({ key }) => key)])
  assert.equal(second.PaginationToken, undefined)
  await refused(list('nonsense'), invalid, 'Invalid pagination token.')
  const named = { UserPoolId: on.local.userPool.userPoolId, Username: 'ana' }
  assert.equal((await on.sdk.send(new AdminListDevicesCommand(named))).Devices?.length, 3)
  assert.equal(
    (await on.sdk.send(new AdminGetDeviceCommand({ ...named, DeviceKey }))).Device?.DeviceKey,
    DeviceKey,
  )
  await on.sdk.send(new ForgetDeviceCommand({ AccessToken, DeviceKey }))
  await refused(get(), ...missing)
  await refused(refreshThrough(on, mine.refreshToken, DeviceKey), notAuthorized, invalidToken)
})

test('a remembered device proves itself in place of the second factor, and only then', async (t) => {
  const userPool = {
    mfaConfiguration: 'ON' as const,
    enabledMfas: ['SMS_MFA' as const],
    deviceConfiguration: optIn,
  }
  const on = await stage(t, { userPool, users: [{ ...ana, mfa: { sms: true } }] })
  const question = await on.initiate('USER_PASSWORD_AUTH', password)
  const code = on.local.outbox.latest()?.code ?? ''
  const mine = device(await on.respond('SMS_MFA', { USERNAME: 'ana', SMS_MFA_CODE: code }, question.Session))
  const { password: devicePassword } = await confirm(on, mine)
  const withKey = { parameters: { DEVICE_KEY: mine.key } }
  const pool = on.local.userPool.userPoolId
  const ask = async () => {
    const begun = await beginSrp(on.sdk, pool, ana, withKey)
    return { begun, asked: await begun.answer({ DEVICE_KEY: mine.key }, { Session: begun.first.Session }) }
  }
  assert.equal((await ask()).asked.ChallengeName, 'SMS_MFA')
  await on.sdk.send(
    new UpdateDeviceStatusCommand({
      AccessToken: mine.accessToken,
      DeviceKey: mine.key,
      DeviceRememberedStatus: 'remembered',
    }),
  )
  const { begun, asked } = await ask()
  assert.equal(asked.ChallengeName, 'DEVICE_SRP_AUTH')
  const proof = { username: 'ana', key: mine.key, groupKey: mine.groupKey, password: devicePassword }
  const done = await proveDevice(on.sdk, begun, asked, proof)
  assert.equal(claimsOf(done.AuthenticationResult?.AccessToken ?? '')['device_key'], mine.key)
  const next = await ask()
  await refused(
    proveDevice(on.sdk, next.begun, next.asked, { ...proof, password: 'another' }),
    notAuthorized,
    wrongPassword,
  )
  // The device never stands for the password.
  await refused(
    on.initiate('USER_PASSWORD_AUTH', { ...password, PASSWORD: 'x', DEVICE_KEY: mine.key }),
    notAuthorized,
    wrongPassword,
  )
})

test('tokens of an administrator’s sign-in have no device, and are never refreshed', async (t) => {
  const on = await stage(t, { userPool: { deviceConfiguration: always } })
  const { AdminInitiateAuthCommand } = await import('@aws-sdk/client-cognito-identity-provider')
  const answer = await on.sdk.send(
    new AdminInitiateAuthCommand({
      UserPoolId: on.local.userPool.userPoolId,
      ClientId: 'public1',
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: password,
    }),
  )
  const mine = device(answer)
  assert.equal(mine.key, '')
  const confirmed = await signIn(on)
  await confirm(on, confirmed)
  await refused(refreshThrough(on, mine.refreshToken), notAuthorized, invalidToken)
  await refused(refreshThrough(on, mine.refreshToken, confirmed.key), notAuthorized, invalidToken)
})

test('a pool that does not track devices confirms none, and asks for none', async (t) => {
  const on = await stage(t)
  const mine = await signIn(on)
  assert.equal(mine.key, '')
  const key = 'us-east-1_00000000-0000-4000-8000-000000000000'
  await refused(
    confirm(on, { ...mine, key, groupKey: '-AbCdEfGh' }),
    'InvalidUserPoolConfigurationException',
    'Device tracking is not enabled for the user pool.',
  )
  assert.notEqual((await refreshThrough(on, mine.refreshToken)).AuthenticationResult, undefined)
})

for (const [what, config] of [
  ['nothing', undefined],
  ['no Base64', { PasswordVerifier: '!', Salt: 'AAAA' }],
  [
    'a verifier beyond the group',
    { PasswordVerifier: createHash('sha512').digest('base64').repeat(20), Salt: 'AAAA' },
  ],
] as const) {
  test(`a device verifier of ${what} is refused`, async (t) => {
    const on = await stage(t, { userPool: { deviceConfiguration: always } })
    const { key: DeviceKey, accessToken: AccessToken } = await signIn(on)
    const command = new ConfirmDeviceCommand({ AccessToken, DeviceKey, DeviceSecretVerifierConfig: config })
    await refused(on.sdk.send(command), invalid, 'Invalid device secret verifier config.')
  })
}
