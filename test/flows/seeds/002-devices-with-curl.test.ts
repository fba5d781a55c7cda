/** A pool that tracks devices, from the command line: without its device a refresh token is worth nothing. */
import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { createDeviceVerifier } from 'cognito-srp-helper'
import { startLocalCognito } from '../../../src/local/index.ts'
import { bash, has, towards, without } from './program.ts'

const refresh = String.raw`curl https://cognito-idp.ap-northeast-1.amazonaws.com \
-XPOST \
-H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' \
-H 'Content-Type: application/x-amz-json-1.1' \
-d '{"ClientId":"[クライアントID]","AuthFlow":"REFRESH_TOKEN_AUTH","AuthParameters":{"REFRESH_TOKEN":"[リフレッシュトークン]"}}'`

const signIn = String.raw`curl https://cognito-idp.ap-northeast-1.amazonaws.com \
-XPOST \
-H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' \
-H 'Content-Type: application/x-amz-json-1.1' \
-d '{"ClientId":"[クライアントID]","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"[ユーザー名],"PASSWORD":"[パスワード]"}}'`

const confirmDevice = String.raw`curl https://cognito-idp.ap-northeast-1.amazonaws.com \
-XPOST \
-H 'X-Amz-Target: AWSCognitoIdentityProviderService.ConfirmDevice' \
-H 'Content-Type: application/x-amz-json-1.1' \
-d '{"AccessToken":"[アクセストークン]","DeviceKey":"[デバイスキー]","DeviceSecretVerifierConfig": {
"PasswordVerifier": "[PasswordVerifier]",
"Salt": "[Salt]"
}`

const refreshWithDevice = String.raw`curl https://cognito-idp.ap-northeast-1.amazonaws.com \
-XPOST \
-H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' \
-H 'Content-Type: application/x-amz-json-1.1' \
-d '{"ClientId":"[クライアントID]","AuthFlow":"REFRESH_TOKEN_AUTH","AuthParameters":{"DEVICE_KEY":"[デバイスキー],"REFRESH_TOKEN":"[リフレッシュトークン]"}}'`

/** What the author mistyped, mended: a quotation mark after a placeholder, and the end of a command. */
const mended = (command: string) => {
  const quoted = command.replace(/:"(\[[^\]]+\]),/g, ':"$1",')
  return quoted.endsWith('\n}') ? `${quoted}}'` : quoted
}

const skip = without('curl', has('curl', '--version'))

async function stage(t: TestContext) {
  const local = await startLocalCognito({
    userPoolId: 'ap-northeast-1_Local0001',
    users: [{ username: 'ana', password: 'Passw0rd!' }],
    clients: [{ clientId: 'app1' }],
    userPool: { deviceConfiguration: { challengeRequiredOnNewDevice: true } },
  })
  t.after(() => local.close())
  const known = { クライアントID: 'app1', ユーザー名: 'ana', パスワード: 'Passw0rd!' }
  /** The command with its placeholders filled in. */
  const run = async (command: string, values: Record<string, string> = {}) => {
    const filledIn = Object.entries({ ...known, ...values }).reduce(
      (text, [name, value]) => text.replaceAll(`[${name}]`, () => value),
      command,
    )
    return JSON.parse(await bash(towards(local, filledIn).replace('curl ', 'curl -s ')))
  }
  return { run }
}

test('with device tracking a refresh without the device is refused', { skip }, async (t) => {
  const { run } = await stage(t)
  const { AuthenticationResult } = await run(mended(signIn))
  const { __type: type, message } = await run(refresh, {
    リフレッシュトークン: AuthenticationResult.RefreshToken,
  })
  assert.deepEqual([type, message], ['NotAuthorizedException', 'Invalid Refresh Token'])
})

test('a sign-in names the new device, which is confirmed and then refreshes', { skip }, async (t) => {
  const { run } = await stage(t)
  const { ChallengeParameters, AuthenticationResult: first } = await run(mended(signIn))
  assert.deepEqual(ChallengeParameters, {})
  assert.deepEqual(Object.keys(first).sort(), [
    'AccessToken',
    'ExpiresIn',
    'IdToken',
    'NewDeviceMetadata',
    'RefreshToken',
    'TokenType',
  ])
  assert.deepEqual([first.ExpiresIn, first.TokenType], [3600, 'Bearer'])
  const { DeviceKey, DeviceGroupKey } = first.NewDeviceMetadata
  const { DeviceSecretVerifierConfig: verifier } = createDeviceVerifier(DeviceKey, DeviceGroupKey)
  const confirmed = await run(mended(confirmDevice), {
    アクセストークン: first.AccessToken,
    デバイスキー: DeviceKey,
    PasswordVerifier: verifier.PasswordVerifier ?? '',
    Salt: verifier.Salt ?? '',
  })
  assert.deepEqual(confirmed, { UserConfirmationNecessary: false })
  const refreshed = await run(mended(refreshWithDevice), {
    デバイスキー: DeviceKey,
    リフレッシュトークン: first.RefreshToken,
  })
  assert.deepEqual(refreshed.ChallengeParameters, {})
  assert.deepEqual(Object.keys(refreshed.AuthenticationResult).sort(), [
    'AccessToken',
    'ExpiresIn',
    'IdToken',
    'TokenType',
  ])
})

test('with the quotation mark missing, as they were typed, the commands are no JSON', { skip }, async (t) => {
  const { run } = await stage(t)
  for (const command of [signIn, refreshWithDevice]) {
    assert.equal((await run(command)).__type, 'SerializationException')
  }
})
