/** Where a code was sent, as Cognito masks it: `t***@e***`, `+*******9934`. */
interface Delivery {
  medium?: 'SMS' | 'EMAIL'
  destination?: string
}

/** The questions of Cognito by name: what a page needs to ask each of them. */
export interface ChallengeQuestions {
  /** First sign-in with a temporary password. `requiredAttributes` are those that are missing, without a prefix. */
  NEW_PASSWORD_REQUIRED: { requiredAttributes: string[]; attributes: Record<string, string> }
  SMS_MFA: Delivery
  EMAIL_OTP: Delivery
  SMS_OTP: Delivery
  SOFTWARE_TOKEN_MFA: { deviceName?: string }
  SELECT_MFA_TYPE: { choices: string[] }
  /** `totp` is there when an authenticator app is one of the choices: show `url` as a QR code, or `secret`. */
  MFA_SETUP: { choices: string[]; totp?: { secret: string; url: string } }
  SELECT_CHALLENGE: { choices: string[] }
  PASSWORD: object
  PASSWORD_SRP: object
  /** `options` for `navigator.credentials.get()`, as JSON. */
  WEB_AUTHN: { options: Record<string, unknown> }
  /** What the pool's trigger made public. */
  CUSTOM_CHALLENGE: { parameters: Record<string, string> }
}

/** What an answer holds, by the name of the question. */
export interface ChallengeAnswers {
  NEW_PASSWORD_REQUIRED: { newPassword: string; attributes?: Record<string, string> | undefined }
  SMS_MFA: { code: string }
  EMAIL_OTP: { code: string }
  SMS_OTP: { code: string }
  SOFTWARE_TOKEN_MFA: { code: string }
  SELECT_MFA_TYPE: { choice: string }
  /** The first code of the authenticator app, or the address for codes by e-mail. */
  MFA_SETUP: { code: string; deviceName?: string | undefined } | { email: string }
  /** `password` with the choices `PASSWORD` and `PASSWORD_SRP`, `credential` with `WEB_AUTHN`. */
  SELECT_CHALLENGE: { choice: string; password?: string | undefined; credential?: object | undefined }
  PASSWORD: { password: string }
  PASSWORD_SRP: { password: string }
  /** What `navigator.credentials.get()` gave, as JSON. */
  WEB_AUTHN: { credential: object }
  CUSTOM_CHALLENGE: { answer: string }
}

/** The names of the challenges that this package knows. */
export type ChallengeName = keyof ChallengeQuestions

interface AnyChallenge {
  /** Who is signing in, as they typed it. */
  username: string
  /** When it is too late to answer, in milliseconds since the epoch. */
  expiresAt: number
  /** All that is needed to go on, sealed: it may lie in a session, a hidden field or a cookie. URL-safe. */
  sealed: string
}

/** A question of Cognito, as plain data. `name` tells which one, and with it what the answer must hold. */
export type KnownChallenge<Name extends ChallengeName = ChallengeName> = {
  [One in Name]: { name: One } & ChallengeQuestions[One] & AnyChallenge
}[Name]

/** A challenge that Cognito came to know after this package; answered with raw `responses`. */
export interface UnknownChallenge extends AnyChallenge {
  name: 'UNKNOWN'
  challengeName: string
  parameters: Record<string, string>
}

/** What {@link UserPool.signIn} asks back. */
export type Challenge = KnownChallenge | UnknownChallenge

/** The answer to a challenge, typed by its name. */
export type ChallengeAnswer<C extends Challenge> = C extends { name: infer Name extends ChallengeName }
  ? ChallengeAnswers[Name]
  : { responses: Record<string, string> }
