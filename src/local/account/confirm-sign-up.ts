import { notAuthorized } from '../sign-in/refusal.ts'
import type { Client } from '../user-pool/client.ts'
import { touch } from '../user-pool/password.ts'
import { exists } from '../user-pool/phantom.ts'
import { runTrigger } from '../user-pool/run-trigger.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { accountOf } from './account-of.ts'
import { claimAlias } from './aliases.ts'
import { checkCode } from './codes.ts'

export interface ConfirmSignUpRequest {
  client: Client
  username: string
  code: string
  /** Takes the address or number away from an account that had it. */
  forceAliasCreation?: boolean | undefined
  clientMetadata?: Record<string, string> | undefined
}

/** Confirms a user with the code that was sent at sign-up, and with it what it was sent to. */
export async function confirmSignUp(
  pool: UserPool,
  { client, username, code, forceAliasCreation = false, clientMetadata }: ConfirmSignUpRequest,
): Promise<User> {
  const user = accountOf(pool, client, username)
  pool.attemptLimits.count(user, 'ConfirmSignUp')
  refuseConfirmed(pool, user)
  const { attribute, value } = checkCode(pool, user, 'sign-up', code)
  if (user.attributes.get(attribute) === value) {
    claimAlias(pool, user, attribute, { value, force: forceAliasCreation })
    user.attributes.set(`${attribute}_verified`, 'true')
  }
  pool.confirmationCodes.forget(user, 'sign-up')
  await confirm(pool, user, client, clientMetadata)
  return user
}

/** Makes an unconfirmed user a confirmed one, whoever vouches for it. */
export async function confirm(
  pool: UserPool,
  user: User,
  client: Client | undefined,
  clientMetadata: Record<string, string> | undefined,
): Promise<void> {
  user.status = 'CONFIRMED'
  touch(pool, user)
  await postConfirmation(pool, user, client, 'ConfirmSignUp', clientMetadata)
}

/** Throws unless the user may be confirmed. A phantom seems to wait for its code. */
export function refuseConfirmed(pool: UserPool, user: User): void {
  if (!user.enabled) throw notAuthorized('User is disabled.')
  if (user.status === 'UNCONFIRMED' || !exists(pool, user)) return
  throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`)
}

export async function postConfirmation(
  pool: UserPool,
  user: User,
  client: Client | undefined,
  source: 'ConfirmSignUp' | 'ConfirmForgotPassword',
  clientMetadata: Record<string, string> | undefined,
): Promise<void> {
  await runTrigger(pool, 'postConfirmation', {
    source: `PostConfirmation_${source}`,
    user,
    client,
    request: clientMetadata === undefined ? {} : { clientMetadata },
    response: {},
  })
}
