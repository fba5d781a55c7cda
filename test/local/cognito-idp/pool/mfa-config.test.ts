import assert from 'node:assert/strict'
import test from 'node:test'
import {
  GetUserPoolMfaConfigCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { ana, invalid, refused, stage, type Stage } from '../stage.ts'

const pool = ({ local }: Stage) => ({ UserPoolId: local.userPool.userPoolId })
const set = (on: Stage, input: Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>) =>
  on.sdk.send(new SetUserPoolMfaConfigCommand({ ...pool(on), ...input }))
const asked = async (on: Stage) => {
  const { ChallengeName } = await on.initiate('USER_PASSWORD_AUTH', {
    USERNAME: 'ana',
    PASSWORD: ana.password,
  })
  return ChallengeName
}

test('second factors that are demanded through the API are asked for at the next sign-in, until a reset', async (t) => {
  const on = await stage(t)
  assert.equal(await asked(on), undefined)
  await set(on, { MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } })
  assert.equal(await asked(on), 'MFA_SETUP')
  await set(on, { MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration: {}, EmailMfaConfiguration: {} })
  const { $metadata, ...told } = await on.sdk.send(new GetUserPoolMfaConfigCommand(pool(on)))
  assert.equal($metadata.httpStatusCode, 200)
  assert.deepEqual(told, {
    MfaConfiguration: 'OPTIONAL',
    SoftwareTokenMfaConfiguration: { Enabled: false },
    SmsMfaConfiguration: {},
    EmailMfaConfiguration: {},
  })
  await set(on, { MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } })
  await on.local.reset()
  assert.equal(await asked(on), undefined)
})

test('MFA without any factor is refused, and changes nothing', async (t) => {
  const on = await stage(t)
  const message = 'At least one MFA method must be enabled when MFA is not OFF.'
  await refused(set(on, { MfaConfiguration: 'ON' }), invalid, message)
  assert.equal(await asked(on), undefined)
})

test('the relying party and what its passkeys stand for are set and told where there are passkeys', async (t) => {
  const policies = { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD' as const, 'WEB_AUTHN' as const] } }
  const on = await stage(t, { userPool: { policies } })
  const WebAuthnConfiguration = {
    RelyingPartyId: 'app.example.com',
    UserVerification: 'required',
    FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION',
  } as const
  await set(on, { WebAuthnConfiguration })
  const told = await on.sdk.send(new GetUserPoolMfaConfigCommand(pool(on)))
  assert.deepEqual(told.WebAuthnConfiguration, WebAuthnConfiguration)
  const none = await stage(t)
  const other = await none.sdk.send(new GetUserPoolMfaConfigCommand(pool(none)))
  assert.equal(other.WebAuthnConfiguration, undefined)
})
