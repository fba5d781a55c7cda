import type { Client } from './client.ts'
import type { RefreshRefusal } from './refresh-tokens.ts'
import type { SignIn } from './sign-ins.ts'
import type { UserPool } from './user-pool.ts'

/**
 * Uses a refresh token. In a pool that tracks devices, one of the API wants the key of the confirmed device that it was issued
 * to (developer guide, "Working with user devices"); its absence looks like an unknown token.
 */
export function refresh(
  pool: UserPool,
  client: Client,
  token: string,
  deviceKey: string | undefined,
): { signIn: SignIn; replacement: string | undefined } | RefreshRefusal {
  return pool.refreshTokens.use(token, client, (signIn) => {
    const fromApi = signIn.scopes === undefined
    if (!pool.settings.deviceConfiguration || !fromApi) return true
    const device = deviceKey === undefined ? undefined : signIn.user.devices.get(deviceKey)
    return signIn.deviceKey === deviceKey && device?.verifier !== undefined
  })
}
