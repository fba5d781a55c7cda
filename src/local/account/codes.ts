import { deliver, type Delivery } from '../sign-in/delivery.ts'
import { ServiceError } from '../server/service-error.ts'
import type { Contact } from '../user-pool/attributes.ts'
import type { Occasion } from '../user-pool/custom-message.ts'
import type { CodePurpose } from '../user-pool/confirmation-codes.ts'
import type { MessagePurpose } from '../user-pool/outbox.ts'
import { exists } from '../user-pool/phantom.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** What a code is sent for, and where to. */
interface CodeRequest {
  purpose: CodePurpose
  attribute: Contact
  /** Where the attribute does not have it yet. */
  value?: string | undefined
  occasion: Occasion
}

/** "Sends" a new code to an attribute of the user. */
export async function sendCode(
  pool: UserPool,
  user: User,
  { purpose, attribute, value = user.attributes.get(attribute) ?? '', occasion }: CodeRequest,
): Promise<Delivery> {
  const code = pool.confirmationCodes.issue(user, purpose, { attribute, value })
  return deliver(pool, user, attribute, { purpose: messagePurpose(purpose), code, to: value, occasion })
}

/** What the code was sent to. Throws `CodeMismatchException` or `ExpiredCodeException`. Whoever accepts the code forgets it. */
export function checkCode(
  pool: UserPool,
  user: User,
  purpose: CodePurpose,
  code: string,
): { attribute: Contact; value: string } {
  const check = pool.confirmationCodes.check(user, purpose, code)
  if (check.outcome === 'expired') throw codeExpired()
  // The code of a phantom, which nobody was told, is as wrong as any.
  if (check.outcome !== 'right' || !exists(pool, user)) throw codeMismatch()
  return check
}

export function codeExpired(): ServiceError {
  return new ServiceError('ExpiredCodeException', 'Invalid code provided, please request a code again.')
}

function codeMismatch(): ServiceError {
  return new ServiceError('CodeMismatchException', 'Invalid verification code provided, please try again.')
}

function messagePurpose(purpose: CodePurpose): MessagePurpose {
  if (purpose === 'sign-up') return 'SIGN_UP'
  return purpose === 'forgot-password' ? 'FORGOT_PASSWORD' : 'ATTRIBUTE'
}
