import { optional, string } from '../server/members.ts'
import { ServiceError } from '../server/service-error.ts'
import type { Device } from '../user-pool/devices.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { callerOf } from './caller.ts'
import { deviceOutput } from './device-output.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'
import { namedUser } from './named-user.ts'

/** GetDevice: one confirmed device of the caller. */
export async function getDevice(pool: UserPool, input: Input): Promise<object> {
  const { DeviceKey } = readInput(input, {
    DeviceKey: model.deviceKey,
    AccessToken: optional(model.accessToken),
  })
  return { Device: deviceOutput(deviceOf(await ownUser(pool, input), DeviceKey)) }
}

/** AdminGetDevice */
export function adminGetDevice(pool: UserPool, input: Input): object {
  const { DeviceKey } = readInput(input, { DeviceKey: model.deviceKey })
  return { Device: deviceOutput(deviceOf(namedUser(pool, input), DeviceKey)) }
}

/** ListDevices: the confirmed devices of the caller, in pages. */
export async function listDevices(pool: UserPool, input: Input): Promise<object> {
  return page(await ownUser(pool, input), input)
}

/** AdminListDevices */
export function adminListDevices(pool: UserPool, input: Input): object {
  return page(namedUser(pool, input), input)
}

/** UpdateDeviceStatus: remembers a device or stops to. */
export async function updateDeviceStatus(pool: UserPool, input: Input): Promise<object> {
  return remember(pool, await ownUser(pool, input), input)
}

/** AdminUpdateDeviceStatus */
export function adminUpdateDeviceStatus(pool: UserPool, input: Input): object {
  return remember(pool, namedUser(pool, input), input)
}

/** ForgetDevice: its refresh token refreshes nothing any more. */
export async function forgetDevice(pool: UserPool, input: Input): Promise<object> {
  const { DeviceKey } = readInput(input, {
    DeviceKey: model.deviceKey,
    AccessToken: optional(model.accessToken),
  })
  return forget(await ownUser(pool, input), DeviceKey)
}

/** AdminForgetDevice */
export function adminForgetDevice(pool: UserPool, input: Input): object {
  const { DeviceKey } = readInput(input, { DeviceKey: model.deviceKey })
  return forget(namedUser(pool, input), DeviceKey)
}

async function ownUser(pool: UserPool, input: Input): Promise<User> {
  const { AccessToken } = readInput(input, { AccessToken: model.accessToken })
  return (await callerOf(pool, AccessToken)).user
}

/** A device that was never confirmed is not shown. */
export function deviceOf(user: User, key: string): Device {
  const device = user.devices.get(key)
  if (device?.verifier) return device
  throw new ServiceError('ResourceNotFoundException', 'Device does not exist.')
}

function page(user: User, input: Input): object {
  const { PaginationToken, Limit } = readInput(input, {
    PaginationToken: optional(string({ min: 1 })),
    Limit: optional(model.limit),
  })
  // 0 means the default, as absence does.
  const limit = Limit || 60
  const devices = [...user.devices.values()].filter(({ verifier }) => verifier !== undefined)
  const start = PaginationToken === undefined ? 0 : devices.findIndex(({ key }) => key === PaginationToken)
  if (start < 0) throw new ServiceError('InvalidParameterException', 'Invalid pagination token.')
  return {
    Devices: devices.slice(start, start + limit).map(deviceOutput),
    PaginationToken: devices[start + limit]?.key,
  }
}

function remember(pool: UserPool, user: User, input: Input): object {
  const { DeviceKey, DeviceRememberedStatus } = readInput(input, {
    DeviceKey: model.deviceKey,
    DeviceRememberedStatus: optional(string({ values: ['remembered', 'not_remembered'] })),
  })
  const device = deviceOf(user, DeviceKey)
  if (DeviceRememberedStatus !== undefined) device.remembered = DeviceRememberedStatus === 'remembered'
  device.modifiedAt = pool.clock.now() / 1000
  return {}
}

function forget(user: User, key: string): object {
  if (!user.devices.delete(key)) {
    throw new ServiceError('ResourceNotFoundException', 'Device does not exist.')
  }
  return {}
}
