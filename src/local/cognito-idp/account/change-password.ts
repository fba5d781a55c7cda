import { checkNewPassword } from '../../sign-in/new-password.ts'
import { notAuthorized, wrongPassword } from '../../sign-in/refusal.ts'
import { optional } from '../../server/members.ts'
import { isPasswordOf, setPassword } from '../../user-pool/password.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { callerOf } from '../caller.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'

/** ChangePassword: a new password for the old one, which only users without any may leave out. */
export async function changePassword(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken, PreviousPassword, ProposedPassword } = readInput(input, {
    AccessToken: model.accessToken,
    PreviousPassword: optional(model.password),
    ProposedPassword: model.password,
  })
  const { user } = await callerOf(pool, AccessToken)
  pool.attemptLimits.count(user, 'ChangePassword')
  const isRight = PreviousPassword !== undefined && isPasswordOf(user, PreviousPassword)
  if (user.password !== undefined && !isRight) throw notAuthorized(wrongPassword)
  checkNewPassword(pool, user, ProposedPassword)
  setPassword(pool, user, ProposedPassword)
  return {}
}
