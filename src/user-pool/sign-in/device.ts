import { randomBytes } from 'node:crypto'
import { redacted } from '../../lib/redacted.ts'
import type { Seal } from '../../lib/seal.ts'
import type { CognitoIdp } from '../cognito-idp.ts'
import type { UserPoolConfiguration } from '../options.ts'
import { createSrpVerifier } from './srp.ts'

/** A device that Cognito offers to remember, as a direct sign-in brings it. It can be confirmed while the access token lives. */
export interface NewDevice {
  deviceKey: string
  deviceGroupKey: string
  /** Who signed in on it, as they typed it. */
  username: string
  accessToken: string
}

/** A confirmed device: whoever has it skips this user's second factor. Keep it for this user, sealed or on the server. */
export interface Device {
  deviceKey: string
  deviceGroupKey: string
  username: string
  password: string
}

/** What {@link confirmDevice} takes. */
export interface ConfirmDeviceOptions {
  /** What the user's list of devices says, for example "Firefox on Linux". */
  name?: string | undefined
  /**
   * Where the pool lets people choose: `true` lets this device skip the second factor. Default false. Where the pool
   * always remembers, it does so in either case.
   */
  remember?: boolean | undefined
}

/** A sealed device is a long-lived secret of one browser; Cognito itself forgets none. */
const MAX_SEALED_LENGTH = 4096

/**
 * Confirms a device (ConfirmDevice): makes its password and gives Cognito the verifier, not the password. From then on
 * the tokens of this sign-in can be refreshed. Throws SignInError or UnavailableError.
 */
export async function confirmDevice(
  idp: CognitoIdp,
  { deviceKey, deviceGroupKey, username, accessToken }: NewDevice,
  { name, remember = false }: ConfirmDeviceOptions = {},
): Promise<Device> {
  const password = randomBytes(40).toString('base64')
  const { salt, verifier } = createSrpVerifier({ group: deviceGroupKey, id: deviceKey, password })
  const { UserConfirmationNecessary } = await idp.call<{ UserConfirmationNecessary?: boolean }>(
    ({ ConfirmDeviceCommand }) =>
      new ConfirmDeviceCommand({
        AccessToken: accessToken,
        DeviceKey: deviceKey,
        DeviceName: name,
        DeviceSecretVerifierConfig: { PasswordVerifier: verifier, Salt: salt },
      }),
  )
  if (UserConfirmationNecessary === true && remember) {
    await updateDeviceStatus(idp, accessToken, deviceKey, 'remembered')
  }
  return redacted({ deviceKey, deviceGroupKey, username, password })
}

/** UpdateDeviceStatus. */
export async function updateDeviceStatus(
  idp: CognitoIdp,
  accessToken: string,
  deviceKey: string,
  status: 'remembered' | 'not_remembered',
): Promise<void> {
  await idp.call(
    ({ UpdateDeviceStatusCommand }) =>
      new UpdateDeviceStatusCommand({
        AccessToken: accessToken,
        DeviceKey: deviceKey,
        DeviceRememberedStatus: status,
      }),
  )
}

/** Seals devices for a cookie of the browser, bound to pool, client and user. */
export class SealedDevices {
  readonly #seal: Seal
  readonly #context: string

  constructor({ userPoolId, clientId }: UserPoolConfiguration, seal: Seal) {
    this.#seal = seal
    this.#context = JSON.stringify(['device', userPoolId, clientId])
  }

  seal(device: Device): string {
    return this.#seal.seal({ ...device }, this.#context)
  }

  /** The device, or `undefined` for what was not sealed here or for whoever else signs in on this browser. */
  open(sealed: unknown, username: string): Device | undefined {
    if (typeof sealed !== 'string' || sealed.length > MAX_SEALED_LENGTH) return undefined
    const device = this.#seal.open(sealed, this.#context) as Device | undefined
    return device?.username === username ? redacted({ ...device }) : undefined
  }
}
