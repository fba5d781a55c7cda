import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { createDeviceVerifier } from 'cognito-srp-helper'
import {
  AdminForgetDeviceCommand,
  AdminListDevicesCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminUpdateDeviceStatusCommand,
  ConfirmDeviceCommand,
  GetUserAuthFactorsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { ana, invalid, notAuthorized, refused, stage } from '../stage.ts'

const parameters = { USERNAME: 'ana', PASSWORD: ana.password }
const gone = 'Device does not exist.'

async function deviceStage(t: Pick<TestContext, 'after'>) {
  const on = await stage(t, {
    userPool: {
      mfaConfiguration: 'OPTIONAL',
      enabledMfas: ['SMS_MFA', 'EMAIL_OTP'],
      deviceConfiguration: { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true },
      policies: { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
    },
  })
  const { AuthenticationResult } = await on.initiate('USER_PASSWORD_AUTH', parameters)
  const { AccessToken, RefreshToken = '', NewDeviceMetadata } = AuthenticationResult ?? {}
  const { DeviceKey = '', DeviceGroupKey = '' } = NewDeviceMetadata ?? {}
  const { DeviceSecretVerifierConfig } = createDeviceVerifier(DeviceKey, DeviceGroupKey)
  await on.sdk.send(new ConfirmDeviceCommand({ AccessToken, DeviceKey, DeviceSecretVerifierConfig }))
  const who = { UserPoolId: on.local.userPool.userPoolId, Username: 'ana' }
  const prefer = (settings: object) =>
    on.sdk.send(new AdminSetUserMFAPreferenceCommand({ ...who, ...settings }))
  return { on, who, prefer, AccessToken, RefreshToken, DeviceKey }
}

test('an administrator chooses the second factor of a user, changes the choice, and takes it back', async (t) => {
  const { on, prefer } = await deviceStage(t)
  const asked = async () => (await on.initiate('USER_PASSWORD_AUTH', parameters)).ChallengeName
  assert.equal(await asked(), undefined)
  await prefer({ SMSMfaSettings: { Enabled: true }, EmailMfaSettings: { Enabled: true } })
  assert.equal(await asked(), 'SELECT_MFA_TYPE')
  await prefer({ EmailMfaSettings: { Enabled: true, PreferredMfa: true } })
  assert.equal(await asked(), 'EMAIL_OTP')
  await prefer({ SMSMfaSettings: { Enabled: false }, EmailMfaSettings: { Enabled: false } })
  assert.equal(await asked(), undefined)
  const totp = prefer({ SoftwareTokenMfaSettings: { Enabled: true } })
  await refused(totp, invalid, 'SOFTWARE_TOKEN_MFA is not enabled for the user pool.')
})

test('an administrator lets a device stand for the second factor, and stops it', async (t) => {
  const { on, who, prefer, DeviceKey } = await deviceStage(t)
  await prefer({ SMSMfaSettings: { Enabled: true } })
  const asked = async () =>
    (await on.initiate('USER_PASSWORD_AUTH', { ...parameters, DEVICE_KEY: DeviceKey })).ChallengeName
  const remember = (DeviceRememberedStatus: 'remembered' | 'not_remembered') =>
    on.sdk.send(new AdminUpdateDeviceStatusCommand({ ...who, DeviceKey, DeviceRememberedStatus }))
  assert.equal(await asked(), 'SMS_MFA')
  await remember('remembered')
  assert.equal(await asked(), 'DEVICE_SRP_AUTH')
  const { Devices = [] } = await on.sdk.send(new AdminListDevicesCommand(who))
  const attributes = Devices[0]?.DeviceAttributes ?? []
  const status = attributes.find(({ Name }) => Name === 'dev:device_remembered_status')
  assert.equal(status?.Value, 'remembered')
  await remember('not_remembered')
  assert.equal(await asked(), 'SMS_MFA')
})

test('a device that an administrator forgets refreshes nothing, and is not listed', async (t) => {
  const { on, who, RefreshToken, DeviceKey } = await deviceStage(t)
  const refresh = () =>
    on.initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: RefreshToken, DEVICE_KEY: DeviceKey })
  assert.ok((await refresh()).AuthenticationResult)
  const forget = new AdminForgetDeviceCommand({ ...who, DeviceKey })
  await on.sdk.send(forget)
  await refused(refresh(), notAuthorized, 'Invalid Refresh Token')
  assert.deepEqual((await on.sdk.send(new AdminListDevicesCommand(who))).Devices, [])
  await refused(on.sdk.send(forget), 'ResourceNotFoundException', gone)
})

test('a user learns what there is to sign in with, and which second factors are on', async (t) => {
  const { on, prefer, AccessToken } = await deviceStage(t)
  const factors = async () => {
    const { $metadata, ...told } = await on.sdk.send(new GetUserAuthFactorsCommand({ AccessToken }))
    assert.equal($metadata.httpStatusCode, 200)
    return told
  }
  const first = { Username: 'ana', ConfiguredUserAuthFactors: ['PASSWORD', 'EMAIL_OTP'] }
  assert.deepEqual(await factors(), first)
  await prefer({ SMSMfaSettings: { Enabled: true, PreferredMfa: true } })
  assert.deepEqual(await factors(), {
    ...first,
    PreferredMfaSetting: 'SMS_MFA',
    UserMFASettingList: ['SMS_MFA'],
  })
})
