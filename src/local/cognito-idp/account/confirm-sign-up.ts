import { accountOf } from '../../account/account-of.ts'
import { confirmSignUp as confirmUser } from '../../account/confirm-sign-up.ts'
import { boolean, optional } from '../../server/members.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { appClient } from './app-client.ts'
import { checkSignUpSession, openSignUpSession } from './sign-up-session.ts'

/** ConfirmSignUp: the code that SignUp sent. */
export async function confirmSignUp(pool: UserPool, input: Input): Promise<object> {
  const given = readInput(input, {
    ...model.appAndUser,
    ConfirmationCode: model.confirmationCode,
    ForceAliasCreation: optional(boolean),
    Session: optional(model.session),
  })
  const client = appClient(pool, given)
  if (given.Session !== undefined) {
    checkSignUpSession(pool, given.Session, { user: accountOf(pool, client, given.Username), client })
  }
  const user = await confirmUser(pool, {
    client,
    username: given.Username,
    code: given.ConfirmationCode,
    forceAliasCreation: given.ForceAliasCreation,
    clientMetadata: given.ClientMetadata,
  })
  if (given.Session === undefined) return {}
  pool.authSessions.delete(given.Session)
  return { Session: openSignUpSession(pool, { user, client }, 'SIGN_UP_CONFIRMED') }
}
