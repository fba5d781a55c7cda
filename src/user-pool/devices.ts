import { Seal } from '../lib/seal.ts'
import type { CognitoIdp } from './cognito-idp.ts'
import type { UserPoolConfiguration } from './options.ts'
import { type Device, SealedDevices, updateDeviceStatus } from './sign-in/device.ts'

/** One device in a user's list. */
export interface DeviceDescription {
  deviceKey: string
  name?: string
  remembered: boolean
  lastIpAddress?: string
  createdAt?: Date
  lastAuthenticatedAt?: Date
}

/** The user of these calls: an access token of a direct sign-in (scope `aws.cognito.signin.user.admin`). */
type Signed = { accessToken: string }

interface DeviceRecord {
  DeviceKey?: string
  DeviceAttributes?: { Name?: string; Value?: string }[]
  DeviceCreateDate?: Date
  DeviceLastAuthenticatedDate?: Date
}

/** Remembered devices of a user: what Cognito knows of them, and sealed keeping of this browser's own. */
export class Devices {
  readonly #idp: CognitoIdp
  readonly #sealed: SealedDevices

  constructor(pool: UserPoolConfiguration, idp: CognitoIdp) {
    this.#idp = idp
    this.#sealed = new SealedDevices(pool, new Seal(pool.sealingKeys, 'device'))
  }

  /** Every device of the user (ListDevices, all pages). Throws SignInError or UnavailableError. */
  async list({ accessToken }: Signed): Promise<DeviceDescription[]> {
    const devices: DeviceDescription[] = []
    let token: string | undefined
    do {
      const page = { AccessToken: accessToken, Limit: 60, PaginationToken: token }
      const { Devices = [], PaginationToken } = await this.#idp.call<{
        Devices?: DeviceRecord[]
        PaginationToken?: string
      }>(({ ListDevicesCommand }) => new ListDevicesCommand(page))
      devices.push(...Devices.map(describe))
      token = PaginationToken
    } while (token !== undefined)
    return devices
  }

  /** Whether a device may skip the second factor (UpdateDeviceStatus). */
  setRemembered({ accessToken }: Signed, deviceKey: string, remembered: boolean): Promise<void> {
    return updateDeviceStatus(this.#idp, accessToken, deviceKey, remembered ? 'remembered' : 'not_remembered')
  }

  /** Cognito forgets the device, and refuses to refresh tokens that are tied to it (ForgetDevice). */
  async forget({ accessToken }: Signed, deviceKey: string): Promise<void> {
    await this.#idp.call(
      ({ ForgetDeviceCommand }) =>
        new ForgetDeviceCommand({ AccessToken: accessToken, DeviceKey: deviceKey }),
    )
  }

  /** The device as text for a cookie of this browser, sealed with the pool's `sealingKey`; about 500 characters. */
  seal(device: Device): string {
    return this.#sealed.seal(device)
  }

  /** The device out of its cookie, for `signIn({ username, device })`; `undefined` for anything else and anybody else. */
  open(sealed: unknown, username: string): Device | undefined {
    return this.#sealed.open(sealed, username)
  }
}

function describe({
  DeviceKey = '',
  DeviceAttributes = [],
  DeviceCreateDate,
  DeviceLastAuthenticatedDate,
}: DeviceRecord): DeviceDescription {
  const attribute = (name: string) => DeviceAttributes.find(({ Name }) => Name === name)?.Value
  const name = attribute('device_name')
  const lastIpAddress = attribute('last_ip_used')
  return {
    deviceKey: DeviceKey,
    ...(name !== undefined && { name }),
    // Not documented; public clients of the service read it from here.
    remembered: attribute('dev:device_remembered_status') === 'remembered',
    ...(lastIpAddress !== undefined && { lastIpAddress }),
    ...(DeviceCreateDate && { createdAt: DeviceCreateDate }),
    ...(DeviceLastAuthenticatedDate && { lastAuthenticatedAt: DeviceLastAuthenticatedDate }),
  }
}
