import { optional, structure, type Values } from '../server/members.ts'
import { ServiceError } from '../server/service-error.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import { callerOf } from './caller.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'

const verifierConfig = { PasswordVerifier: optional(model.srpText), Salt: optional(model.srpText) }

/** ConfirmDevice: the SRP verifier of a new device. From now on its refresh token works, and it may be remembered. */
export async function confirmDevice(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken, DeviceKey, DeviceName, DeviceSecretVerifierConfig } = readInput(input, {
    AccessToken: model.accessToken,
    DeviceKey: model.deviceKey,
    DeviceName: optional(model.deviceName),
    DeviceSecretVerifierConfig: optional(structure(verifierConfig)),
  })
  const { user } = await callerOf(pool, AccessToken)
  const { deviceConfiguration } = pool.settings
  if (!deviceConfiguration) {
    throw new ServiceError(
      'InvalidUserPoolConfigurationException',
      'Device tracking is not enabled for the user pool.',
    )
  }
  const device = user.devices.get(DeviceKey)
  if (!device) throw new ServiceError('ResourceNotFoundException', 'Device does not exist.')
  if (device.verifier) throw new ServiceError('DeviceKeyExistsException', 'Device key already exists.')
  device.verifier = verifierFrom(DeviceSecretVerifierConfig)
  device.name = DeviceName
  const onPrompt = deviceConfiguration.deviceOnlyRememberedOnUserPrompt
  device.remembered = !onPrompt
  device.modifiedAt = pool.clock.now() / 1000
  return { UserConfirmationNecessary: onPrompt }
}

function verifierFrom({ PasswordVerifier, Salt }: Partial<Values<typeof verifierConfig>> = {}) {
  return { passwordVerifier: base64(PasswordVerifier, 385), salt: base64(Salt, 64) }
}

function base64(text: string | undefined, maxBytes: number): Buffer {
  const bytes = Buffer.from(text ?? '', 'base64')
  const canonical = /^[A-Za-z0-9+/]+={0,2}$/.test(text ?? '')
  if (!canonical || bytes.length === 0 || bytes.length > maxBytes) {
    throw invalidParameter('Invalid device secret verifier config.')
  }
  return bytes
}
