import type { UserPool } from '../user-pool/user-pool.ts'
import { canUsePasskey } from '../sign-in/passkey-answer.ts'
import { callerOf } from './caller.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'

/** GetUserAuthFactors: what the user can sign in with. */
export async function getUserAuthFactors(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken } = readInput(input, { AccessToken: model.accessToken })
  const { user } = await callerOf(pool, AccessToken)
  const { enabled, preferred } = user.mfa
  const factors = pool.settings.allowedFirstAuthFactors.filter((factor) => {
    if (factor === 'PASSWORD') return user.password !== undefined
    if (factor === 'WEB_AUTHN') return canUsePasskey(pool, user)
    return user.attributes.has(factor === 'EMAIL_OTP' ? 'email' : 'phone_number')
  })
  return {
    Username: user.username,
    ConfiguredUserAuthFactors: factors,
    PreferredMfaSetting: preferred,
    UserMFASettingList: enabled.size > 0 ? [...enabled] : undefined,
  }
}
