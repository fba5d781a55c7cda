import { unverifiedPayload } from '../lib/unverified.ts'

/** Answers take seconds, and clocks that are kept in time differ by less. */
const TOLERATED_SECONDS = 60

/**
 * Compares the clock of this machine with Cognito's, by the time that tokens say they were issued at when they have just
 * arrived. A difference is a process warning of the type `ClockSkewWarning`, once per pool: tokens would look expired on arrival,
 * or be taken after their end.
 */
export class ClockSkew {
  readonly #userPoolId: string
  #warned = false

  constructor(userPoolId: string) {
    this.#userPoolId = userPoolId
  }

  /** `previous` is a token that may come back unchanged; then it says nothing. Not verified, and nothing else follows from it. */
  compare(idToken: unknown, previous?: string): void {
    if (this.#warned || typeof idToken !== 'string' || idToken === previous) return
    const { iat } = unverifiedPayload(idToken)
    const seconds = Math.round(Date.now() / 1000 - Number(iat))
    if (typeof iat !== 'number' || !Number.isSafeInteger(seconds) || Math.abs(seconds) <= TOLERATED_SECONDS)
      return
    this.#warned = true
    const where = seconds > 0 ? 'ahead of' : 'behind'
    const follows =
      seconds > 0 ? 'tokens look expired before they are' : 'tokens are taken after they expired'
    process.emitWarning(
      `The clock of this machine is ${Math.abs(seconds)} seconds ${where} that of Cognito (user pool ${this.#userPoolId}): ${follows}. Keep it in time, with NTP.`,
      { type: 'ClockSkewWarning', code: 'COGNITO_CLOCK_SKEW' },
    )
  }
}
