import { randomToken } from '../lib/secrets.ts'
import type { LocalResponse } from '../server/http.ts'
import { answers } from '../sign-in/answers.ts'
import type { Attempt, AuthSession, Pending } from '../user-pool/auth-sessions.ts'
import type { Client } from '../user-pool/client.ts'
import { phantomUser } from '../user-pool/phantom.ts'
import type { User } from '../user-pool/user.ts'
import { attributesFrom } from './attribute-field.ts'
import { mfaChoicePage, mfaCodePage } from './mfa-pages.ts'
import { mfaSetupPage, verifySetup } from './mfa-setup-page.ts'
import { checkRepeated } from './repeated-password.ts'
import { newPasswordPage } from './new-password-page.ts'
import type { Visit } from './visit.ts'

/** A question of a sign-in that a page asks. */
export interface Step {
  /** What the form sends back to say which sign-in it goes on with. */
  session: string
  attempt: Attempt
  pending: Pending
  message?: string | undefined
}

/** The step of a form; undefined when it took too long or belongs to another client. */
export function stepOf({ pool, asked }: Visit, session: string): Step | undefined {
  const found = pool.authSessions.get(session)
  const isOwn = found?.attempt.flow === 'HOSTED' && found.attempt.client === asked.client
  return found && isOwn ? { session, ...found } : undefined
}

/** The same, where the step is a question of a sign-in. */
export function questionOf(visit: Visit, session: string): Step | undefined {
  const step = stepOf(visit, session)
  return step && answers.has(step.pending.name) ? step : undefined
}

/** Remembers a step of the pages that the API does not have, and gives its name for the form. */
export function openStep({ pool }: Visit, session: AuthSession, lifetimeSeconds: number): string {
  const name = randomToken()
  pool.authSessions.set(name, session, lifetimeSeconds)
  return name
}

/** Codes for a new password are taken for eight minutes on the pages (developer guide, "Managed login"). */
const resetLifetimeSeconds = 480

/** A password that is to be reset, by whomever: what the page knows of the user it was told. */
export function openReset(visit: Visit, username: string): string {
  const user = visit.pool.users.find(username) ?? phantomUser(visit.pool, username)
  const attempt = hostedAttempt(visit.asked.client, user)
  return openStep(visit, { attempt, pending: { name: 'CONFIRM_FORGOT_PASSWORD' } }, resetLifetimeSeconds)
}

/** A sign-in on the pages, which know no devices. */
export function hostedAttempt(client: Client, user: User): Attempt {
  return {
    client,
    user,
    flow: 'HOSTED',
    srp: false,
    deviceKey: undefined,
    clientMetadata: undefined,
    results: [],
  }
}

/** The page of a step. */
export function stepPage(visit: Visit, step: Step): LocalResponse {
  switch (step.pending.name) {
    case 'NEW_PASSWORD_REQUIRED':
      return newPasswordPage(visit, step)
    case 'SELECT_MFA_TYPE':
      return mfaChoicePage(visit, step, step.pending.mfas)
    case 'MFA_SETUP':
      return mfaSetupPage(visit, step, step.pending)
    case 'SMS_MFA':
    case 'SMS_OTP':
    case 'EMAIL_OTP':
    case 'SOFTWARE_TOKEN_MFA':
      return mfaCodePage(visit, step, step.pending.name)
    default:
      throw new Error('no page asks this question')
  }
}

/** Hands what was typed to the rules of the API, which answer with the next question, or with who is signed in. */
export async function answerStep(visit: Visit, step: Step, fields: URLSearchParams): Promise<object> {
  const { pool, asked, texts } = visit
  const { session, attempt, pending } = step
  if (pending.name === 'NEW_PASSWORD_REQUIRED') checkRepeated(fields, 'new_password', texts)
  if (pending.name === 'MFA_SETUP') verifySetup(pool, step, pending, fields)
  const answer = answers.get(pending.name)
  if (!answer) throw new Error('no page asks this question')
  const responses = new Map([['USERNAME', attempt.user.username], ...responsesOf(pending, fields)])
  return answer(pool, { client: asked.client, responses, session, clientMetadata: undefined, onPage: true })
}

function responsesOf(pending: Pending, fields: URLSearchParams): [string, string][] {
  const code = (fields.get('code') ?? '').replace(/\s/g, '')
  switch (pending.name) {
    case 'NEW_PASSWORD_REQUIRED': {
      const attributes = attributesFrom(fields)
      return [
        ['NEW_PASSWORD', fields.get('new_password') ?? ''],
        ...attributes.map(([name, value]): [string, string] => [`userAttributes.${name}`, value]),
      ]
    }
    case 'SELECT_MFA_TYPE':
      return [['ANSWER', fields.get('factor') ?? '']]
    case 'MFA_SETUP': {
      const email = fields.get('email')
      return email === null ? [] : [['EMAIL', email.trim()]]
    }
    default:
      return [[`${pending.name}_CODE`, code]]
  }
}
