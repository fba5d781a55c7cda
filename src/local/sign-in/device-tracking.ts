import { randomUUID } from '../lib/random.ts'
import { randomToken } from '../lib/secrets.ts'
import { ServiceError } from '../server/service-error.ts'
import type { Attempt } from '../user-pool/auth-sessions.ts'
import type { Device } from '../user-pool/devices.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** Oldest unconfirmed first out beyond this: a client that ignores its device key makes one at each sign-in. */
const keepAtMost = 500

/** Which device a sign-in binds its refresh token to, and what a device that is new is told about itself. */
export function deviceOfSignIn(
  pool: UserPool,
  attempt: Attempt,
): { deviceKey: string | undefined; newDevice: object | undefined } {
  const { user } = attempt
  const nothing = { deviceKey: undefined, newDevice: undefined }
  if (!pool.settings.deviceConfiguration || !isTracked(attempt)) return nothing
  const known = knownDevice(user, attempt.deviceKey)
  if (known) {
    known.authenticatedAt = pool.clock.now() / 1000
    return { deviceKey: known.key, newDevice: undefined }
  }
  const device = addDevice(pool, user)
  return { deviceKey: device.key, newDevice: { DeviceGroupKey: device.groupKey, DeviceKey: device.key } }
}

/**
 * Pages and administrators' flows never track devices (developer guide, "Troubleshooting device tracking"), and a custom flow that begins
 * with SRP is reported not to.
 */
function isTracked({ flow, srp }: Attempt): boolean {
  return flow !== 'HOSTED' && flow !== 'ADMIN_USER_PASSWORD_AUTH' && !(flow === 'CUSTOM_AUTH' && srp)
}

/** The device of a key that the caller sent. Throws when the user has none of this key, so that clients forget it. */
export function knownDevice(user: User, key: string | undefined): Device | undefined {
  if (key === undefined) return undefined
  const device = user.devices.get(key)
  if (!device) throw new ServiceError('ResourceNotFoundException', 'Device does not exist.')
  return device
}

function addDevice(pool: UserPool, user: User): Device {
  const now = pool.clock.now() / 1000
  const device: Device = {
    key: `${pool.region}_${randomUUID()}`,
    groupKey: `-${randomToken(12).replace(/[-_]/g, 'x').slice(0, 8)}`,
    name: undefined,
    verifier: undefined,
    remembered: false,
    lastIpUsed: '127.0.0.1',
    createdAt: now,
    modifiedAt: now,
    authenticatedAt: now,
  }
  user.devices.set(device.key, device)
  const oldest = [...user.devices.values()].find(({ verifier }) => verifier === undefined)
  if (user.devices.size > keepAtMost && oldest) user.devices.delete(oldest.key)
  return device
}

/** Whether a remembered device may answer in place of the second factor. */
export function isRemembered(pool: UserPool, user: User, key: string | undefined): boolean {
  if (!pool.settings.deviceConfiguration?.challengeRequiredOnNewDevice) return false
  const device = knownDevice(user, key)
  return device?.remembered === true && device.verifier !== undefined
}
