import type { SrpExchange } from '../srp/server.ts'
import type { Client } from './client.ts'
import type { FirstFactor } from './settings.ts'
import type { Mfa, SoftwareToken } from './mfa.ts'
import type { LocalChallengeResult } from './triggers.ts'
import type { User } from './user.ts'

export type AuthFlow =
  | 'USER_PASSWORD_AUTH'
  | 'USER_SRP_AUTH'
  | 'USER_AUTH'
  | 'CUSTOM_AUTH'
  | 'ADMIN_USER_PASSWORD_AUTH'
  /** The pages of the domain. */
  | 'HOSTED'

/** One sign-in on its way through the questions. */
export interface Attempt {
  client: Client
  /** A phantom when nobody has the name that was given. */
  user: User
  flow: AuthFlow
  /** Whether the flow began with SRP. */
  srp: boolean
  /** The device that the caller says it is. */
  deviceKey: string | undefined
  clientMetadata: Record<string, string> | undefined
  /** The answered challenges of a custom flow. */
  results: LocalChallengeResult[]
}

/** First factors as a client of `USER_AUTH` chooses them. */
export type Choice = FirstFactor | 'PASSWORD_SRP'

/** The question that waits for its answer, with what the server must remember about it. */
export type Pending =
  | { name: 'PASSWORD_VERIFIER'; secretBlock: string }
  | { name: 'NEW_PASSWORD_REQUIRED' }
  | { name: 'SMS_MFA'; code: string }
  /** `first`: instead of a password. */
  | { name: 'EMAIL_OTP'; code: string; first: boolean }
  | { name: 'SMS_OTP'; code: string }
  | { name: 'SOFTWARE_TOKEN_MFA' }
  | { name: 'SELECT_MFA_TYPE'; mfas: readonly Mfa[] }
  | { name: 'MFA_SETUP'; mfas: readonly Mfa[]; softwareToken: SoftwareToken | undefined; verified: boolean }
  | { name: 'DEVICE_SRP_AUTH' }
  | { name: 'DEVICE_PASSWORD_VERIFIER'; secretBlock: string }
  | {
      name: 'CUSTOM_CHALLENGE'
      challengeName: string
      privateParameters: Record<string, string>
      metadata: string | undefined
    }
  | { name: 'WEB_AUTHN'; challenge: string; userVerification: 'preferred' | 'required' }
  | { name: 'SELECT_CHALLENGE'; choices: readonly Choice[] }
  /** Not a question: a user signed up, and is to be confirmed. */
  | { name: 'SIGNED_UP' }
  /** Not a question: a sign-up was confirmed, and `USER_AUTH` may go on from there. */
  | { name: 'SIGN_UP_CONFIRMED' }
  /** Only on pages: a sign-up whose code is still to be typed, and a password that is to be set with one. */
  | { name: 'CONFIRM_SIGN_UP' | 'CONFIRM_FORGOT_PASSWORD' }

/** What a `Session` stands for. */
export interface AuthSession {
  attempt: Attempt
  pending: Pending
}

/** What a `SECRET_BLOCK` stands for. */
export interface SrpSession {
  attempt: Attempt
  exchange: SrpExchange
}
