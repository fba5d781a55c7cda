/** A browser or phone that signed in, known by its key (developer guide, "Working with user devices"). */
export interface Device {
  /** `REGION_UUID`. */
  key: string
  groupKey: string
  name: string | undefined
  /** Absent until ConfirmDevice: an unconfirmed device can neither refresh nor replace the second factor. */
  verifier: { salt: Buffer; passwordVerifier: Buffer } | undefined
  remembered: boolean
  lastIpUsed: string
  /** Seconds since the epoch. */
  createdAt: number
  /** Seconds since the epoch. */
  modifiedAt: number
  /** Seconds since the epoch. */
  authenticatedAt: number
}
