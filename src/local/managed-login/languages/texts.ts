import type { Mfa } from '../../user-pool/mfa.ts'

/** Every word on the pages, in one language. Texts that name something are functions. */
export interface Texts {
  /** As in `lang`, which is also the language of the document. */
  code: string
  /** The language in itself. */
  name: string
  languages: string
  /** At the foot of every page. */
  note: string
  continueTo: (app: string) => string
  signIn: {
    withCode: Record<'EMAIL_OTP' | 'SMS_OTP', string>
    title: string
    password: string
    submit: string
    forgotPassword: string
    newHere: string
    signUp: string
    or: string
    continueWith: (provider: string) => string
    /** Above the providers where the pool's own users may not sign in. */
    choose: string
  }
  newPassword: {
    title: string
    lead: (username: string) => string
    label: string
    repeat: string
    submit: string
    different: string
  }
  code6: { label: string; submit: string; resend: string; sentTo: (destination: string) => string }
  mfa: {
    title: string
    /** `name`: of the authenticator app, where the user gave it one. */
    softwareToken: (name: string | undefined) => string
    choose: string
    factors: Record<Mfa, string>
    setUp: {
      title: string
      scan: string
      cannotScan: string
      picture: string
      enterCode: string
      deviceName: string
      email: string
    }
  }
  signUp: { title: string; password: string; repeat: string; submit: string; known: string; signIn: string }
  confirm: { title: string; lead: string; submit: string; done: string; resent: string }
  forgotPassword: { title: string; lead: string; submit: string; back: string }
  resetPassword: { title: string; submit: string; done: string }
  provider: {
    title: (name: string) => string
    lead: string
    someoneElse: string
    subject: string
    subjectWrong: string
    submit: string
    cancel: string
    fail: string
  }
  error: { title: string; unknown: string; causes: Record<string, string> }
  tookTooLong: string
  /** What a password must have; `minimum` is its length. */
  policy: (minimum: number, classes: readonly PasswordClass[]) => string
  /** What the user types to say who they are. */
  signInNames: Record<SignInName, string>
  /** Labels of standard attributes. */
  attributes: Record<string, string>
  /** The service's own messages. What is not here is shown as the service words it. */
  messages: Record<string, string>
}

export type PasswordClass = 'lowercase' | 'uppercase' | 'numbers' | 'symbols'

export type SignInName = 'username' | 'email' | 'phone_number' | 'email_or_phone_number'
