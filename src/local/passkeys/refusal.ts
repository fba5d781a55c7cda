/** Why a passkey is not taken. The operations word it as the exceptions that the API has for it. */
export class PasskeyRefused extends Error {
  readonly why: PasskeyFault

  constructor(why: PasskeyFault) {
    super(why)
    this.why = why
  }
}

export type PasskeyFault =
  /** No browser and no authenticator gives this. */
  | 'malformed'
  | 'challenge'
  | 'origin'
  | 'relying party'
  /** A kind of key or attestation that was not asked for, or an authenticator that did not verify its user as demanded. */
  | 'unsupported'
  | 'user'
  | 'signature'
  /** The authenticator counts, and did not count on: there may be two of it. */
  | 'counter'

/** Whatever the reading of a stranger's bytes throws is one and the same fault. */
export function reading<T>(read: () => T): T {
  try {
    return read()
  } catch {
    throw new PasskeyRefused('malformed')
  }
}
