import type { Delivery } from '../sign-in/delivery.ts'
import { checkNewPassword, checkPasswordRules } from '../sign-in/new-password.ts'
import { invalidParameter, notAuthorized } from '../sign-in/refusal.ts'
import { migrateUser } from '../sign-in/user-migration.ts'
import type { Contact } from '../user-pool/attributes.ts'
import type { Client } from '../user-pool/client.ts'
import type { Occasion } from '../user-pool/custom-message.ts'
import { setPassword, touch } from '../user-pool/password.ts'
import { exists, phantomUser } from '../user-pool/phantom.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { accountOf, simulatedDelivery } from './account-of.ts'
import { checkCode, sendCode } from './codes.ts'
import { postConfirmation } from './confirm-sign-up.ts'

interface ForgotPasswordRequest {
  client: Client
  username: string
  clientMetadata?: Record<string, string> | undefined
}

/** Sends a code for a new password to a verified address or number. */
export async function forgotPassword(pool: UserPool, request: ForgotPasswordRequest): Promise<Delivery> {
  const { client, username, clientMetadata } = request
  await migrateUser(pool, { client, clientMetadata }, username, undefined)
  const user = recoverable(pool, request)
  pool.attemptLimits.count(user, 'ForgotPassword')
  const occasion = { source: 'ForgotPassword', client, clientMetadata } as const
  if (!exists(pool, user)) return simulatedDelivery(pool, user, { purpose: 'forgot-password', occasion })
  return sendResetCode(pool, user, occasion)
}

/** Sets a new password, for the code that was sent. */
export async function confirmForgotPassword(
  pool: UserPool,
  request: ForgotPasswordRequest & { code: string; password: string },
): Promise<void> {
  const user = recoverable(pool, request)
  pool.attemptLimits.count(user, 'ForgotPassword')
  refuseState(user)
  checkPasswordRules(pool, request.password)
  checkCode(pool, user, 'forgot-password', request.code)
  // Only now: whether a password was used before is nobody else's to know.
  checkNewPassword(pool, user, request.password)
  pool.confirmationCodes.forget(user, 'forgot-password')
  setPassword(pool, user, request.password)
  await postConfirmation(pool, user, request.client, 'ConfirmForgotPassword', request.clientMetadata)
}

/** Takes the password away on behalf of an administrator, and sends a code for a new one. */
export async function sendAdminResetCode(
  pool: UserPool,
  user: User,
  clientMetadata: Record<string, string> | undefined,
): Promise<void> {
  if (user.status === 'UNCONFIRMED') throw notAuthorized(wrongState)
  await sendResetCode(pool, user, { source: 'ForgotPassword', client: undefined, clientMetadata })
  user.status = 'RESET_REQUIRED'
  touch(pool, user)
}

const wrongState = 'User password cannot be reset in the current state.'

/** Sends the code; throws when the state of the user, or of its address, allows no new password. */
async function sendResetCode(pool: UserPool, user: User, occasion: Occasion): Promise<Delivery> {
  refuseState(user)
  const attribute = recoveryAttribute(pool, user)
  if (attribute) return sendCode(pool, user, { purpose: 'forgot-password', attribute, occasion })
  if (pool.settings.recoveryMechanisms[0] === 'admin_only') {
    throw notAuthorized('Contact administrator to reset password.')
  }
  throw invalidParameter(
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  )
}

function refuseState({ enabled, status }: User): void {
  if (!enabled) throw notAuthorized('User is disabled.')
  if (status === 'FORCE_CHANGE_PASSWORD' || status === 'EXTERNAL_PROVIDER') throw notAuthorized(wrongState)
}

/** Where unknown users are hidden, those who are disabled or have no verified address are hidden as well. */
function recoverable(pool: UserPool, { client, username }: ForgotPasswordRequest): User {
  const user = accountOf(pool, client, username)
  const shown = client.preventUserExistenceErrors === 'LEGACY'
  return shown || (user.enabled && recoveryAttribute(pool, user)) ? user : phantomUser(pool, username)
}

/** The first way back into the account that the user has verified. */
function recoveryAttribute(pool: UserPool, { attributes }: User): Contact | undefined {
  return pool.settings.recoveryMechanisms
    .flatMap((mechanism): Contact[] => {
      if (mechanism === 'admin_only') return []
      return mechanism === 'verified_email' ? ['email'] : ['phone_number']
    })
    .find((contact) => attributes.get(contact) && attributes.get(`${contact}_verified`) === 'true')
}
