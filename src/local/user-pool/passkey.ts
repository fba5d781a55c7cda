/** A passkey of a user: the public half of a key that never leaves its authenticator. */
export interface Passkey {
  /** Base64url, as authenticators name it. */
  credentialId: string
  name: string
  relyingPartyId: string
  /** SubjectPublicKeyInfo, in DER. */
  publicKey: Buffer
  /** What the authenticator counted last; 0 where it does not count. */
  signCount: number
  /** `platform` or `cross-platform`. */
  authenticatorAttachment: string | undefined
  transports: string[]
  /** Seconds since the epoch. */
  createdAt: number
}

/** As many as Cognito keeps for a user. */
export const passkeysPerUser = 20

/** A passkey that is being made: what its authenticator must sign, and the app client that asked for it. */
export interface PasskeyRegistration {
  challenge: string
  clientId: string
}
