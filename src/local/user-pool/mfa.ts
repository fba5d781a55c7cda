/** The second factors, by the names of the API. */
export const mfas = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] as const

export type Mfa = (typeof mfas)[number]

/** An authenticator app of a user. */
export interface SoftwareToken {
  /** Base32, as authenticator apps take it. */
  secretCode: string
  friendlyDeviceName: string | undefined
  /** The youngest time step whose code was used: each code counts once. */
  usedStep: number
}

/** What a user chose for the second factor. */
export interface MfaPreference {
  /** The factors that are switched on. */
  enabled: Set<Mfa>
  preferred: Mfa | undefined
  /** Present once a code of it was verified. */
  softwareToken: SoftwareToken | undefined
  /** Whether a passkey alone is enough where a second factor is demanded. */
  webAuthn: boolean
}
