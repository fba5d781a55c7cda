import type { Router } from 'express'
import { type CognitoUser, ConfigurationError, type Tokens, type UserPool } from 'passport-cognito-identity'
import { dropDevice, keepDevice } from '../../device-cookie.ts'
import { formAction } from '../../form-page.ts'
import { httpError } from '../../http-error.ts'
import { dateTime } from '../../readable.ts'

/** Cognito makes a device of every sign-in that comes without one: nobody reads more than a few. */
const shown = 10

/** The user's devices, the latest first; `undefined` where the user pool does not track devices. */
export async function devicesOf(userPool: UserPool, tokens: Tokens) {
  const devices = await userPool.devices.list(tokens).catch((error: unknown) => {
    if (error instanceof ConfigurationError) return undefined
    throw error
  })
  return devices
    ?.sort((a, b) => Number(b.lastAuthenticatedAt ?? 0) - Number(a.lastAuthenticatedAt ?? 0))
    .slice(0, shown)
    .map(({ deviceKey, name, remembered, lastIpAddress, lastAuthenticatedAt }) => ({
      deviceKey,
      name: name ?? 'A device without a name',
      remembered,
      current: deviceKey === tokens.deviceKey,
      lastIpAddress,
      lastUsed: lastAuthenticatedAt && dateTime(lastAuthenticatedAt),
    }))
}

/** What can be done with a device: whether it skips the second step, and to forget it. */
export function deviceRoutes({ devices }: UserPool): Router {
  return formAction({
    path: '/security/devices',
    fields: ['deviceKey', 'act'],
    submit: async (req, { deviceKey, act }, res) => {
      const { tokens } = req.user as CognitoUser
      const current = deviceKey === tokens.deviceKey
      if (act === 'forget') {
        await devices.forget(tokens, deviceKey)
        req.session.notice = 'The device is forgotten.'
      } else if (act === 'remember' || act === 'do-not-remember') {
        await devices.setRemembered(tokens, deviceKey, act === 'remember')
        if (current && act === 'do-not-remember') dropDevice(res)
        if (current && act === 'remember' && req.session.device !== undefined)
          keepDevice(res, req.session.device)
        req.session.notice =
          act === 'remember'
            ? 'From now on this device skips the second step.'
            : 'From now on the device does not skip the second step.'
      } else throw httpError(400, 'What shall be done with the device?')
      return '/security'
    },
  })
}
