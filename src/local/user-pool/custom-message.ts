import type { Attempt } from './auth-sessions.ts'
import type { Client } from './client.ts'
import type { MessagePurpose } from './outbox.ts'
import { runTrigger } from './run-trigger.ts'
import type { User } from './user.ts'
import type { UserPool } from './user-pool.ts'

/** Why a message is sent, as the custom message trigger is told (developer guide, "Custom message Lambda trigger"). */
export interface Occasion {
  source:
    | 'SignUp'
    | 'AdminCreateUser'
    | 'ResendCode'
    | 'ForgotPassword'
    | 'UpdateUserAttribute'
    | 'VerifyUserAttribute'
    | 'Authentication'
  /** Undefined where an administrator causes it. */
  client: Client | undefined
  clientMetadata?: Record<string, string> | undefined
}

/** A code for a first or second factor. */
export function atSignIn({ client, clientMetadata }: Attempt): Occasion {
  return { source: 'Authentication', client, clientMetadata }
}

const codeParameter = '{####}'
const usernameParameter = '{username}'

/** What is said where no trigger says it. */
const wording: Record<MessagePurpose, [subject: string, body: string]> = {
  SIGN_UP: ['Your verification code', 'Your confirmation code is {####}'],
  FORGOT_PASSWORD: ['Your verification code', 'Your password reset code is {####}'],
  ATTRIBUTE: ['Your verification code', 'Your verification code is {####}'],
  MFA: ['Your authentication code', 'Your authentication code is {####}'],
  SIGN_IN: ['Your sign-in code', 'Your sign-in code is {####}'],
  INVITATION: ['Your temporary password', 'Your username is {username} and temporary password is {####}'],
}

interface Message {
  medium: 'EMAIL' | 'SMS'
  purpose: MessagePurpose
  occasion: Occasion
  code: string
  /** What the user types at the sign-in. */
  name: string
}

/** The text of a message, in the words of the trigger where the pool has one. Its refusals are thrown as `ServiceError`. */
export async function wordedMessage(
  pool: UserPool,
  user: User,
  { medium, purpose, occasion, code, name }: Message,
): Promise<{ subject: string; body: string }> {
  const [subject, body] = wording[purpose]
  const custom = await customWords(pool, user, occasion)
  const text = medium === 'SMS' ? custom?.smsMessage : custom?.emailMessage
  const values = new Map([[codeParameter, code]])
  if (occasion.source === 'AdminCreateUser') values.set(usernameParameter, name)
  // Without the placeholders Cognito sends its own text: nobody could use the other one.
  const isWhole = typeof text === 'string' && [...values.keys()].every((one) => text.includes(one))
  return {
    subject: custom?.emailSubject ?? subject,
    body: (isWhole ? text : body).replace(/\{(####|username)\}/g, (one) => values.get(one) ?? one),
  }
}

function customWords(pool: UserPool, user: User, { source, client, clientMetadata }: Occasion) {
  return runTrigger(pool, 'customMessage', {
    source: `CustomMessage_${source}`,
    user,
    client,
    request: {
      codeParameter,
      ...(source === 'AdminCreateUser' ? { usernameParameter } : {}),
      ...(clientMetadata === undefined ? {} : { clientMetadata }),
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  })
}
