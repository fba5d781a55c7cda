import type { Device } from '../user-pool/devices.ts'

/** A device as the operations show it. */
export function deviceOutput(device: Device): object {
  const attributes = [
    ['device_status', 'valid'],
    ['device_name', device.name ?? ''],
    ['dev:device_remembered_status', device.remembered ? 'remembered' : 'not_remembered'],
    ['last_ip_used', device.lastIpUsed],
  ]
  return {
    DeviceKey: device.key,
    DeviceAttributes: attributes.map(([Name, Value]) => ({ Name, Value })),
    DeviceCreateDate: device.createdAt,
    DeviceLastModifiedDate: device.modifiedAt,
    DeviceLastAuthenticatedDate: device.authenticatedAt,
  }
}
